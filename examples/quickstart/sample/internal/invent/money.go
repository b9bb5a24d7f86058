package invent

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// A sale is money that a customer paid: so many units at a price.
type sale struct {
	paid       time.Time
	project    string
	label      string
	customer   string
	introducer string // who introduced the customer
	count      string // decimal number of units, "1" for a lump sum
	unit       string // what is counted, in the plural; "" for a lump sum
	price      string // of one unit, in EUR
}

// The customers.
const (
	trainingCentre = "Centre de formation des Combes"
	lycee          = "Lycée des métiers de Saint-Fargal"
	community      = "Communauté de communes de l'Orline"
	mirepierre     = "Commune de Mirepierre"
	quatreVents    = "Commune des Quatre-Vents"
	saintFargal    = "Commune de Saint-Fargal"
	bourgNeuf      = "Commune du Bourg-Neuf"
	kitchens       = "Syndicat des cantines de l'Orline"
	subscribers    = "Abonnés des paniers"
	producers      = "Groupement des producteurs de l'Orline"
	otherValley    = "Union paysanne du Haut-Vernoux"
	trainees       = "Stagiaires à titre individuel"
	visitors       = "Public des permanences"
	schools        = "Coopératives scolaires"
)

var sales = []sale{
	{date(4, 11), training, "Stage ossature bois, mars", trainingCentre, solene, "5", "jours", "1150"},
	{date(4, 30), training, "Stage enduits de terre, avril", community, "", "3", "jours", "1150"},
	{date(5, 23), training, "Stage isolation en paille, avril", community, "", "4", "jours", "1150"},
	{date(6, 20), training, "Stage ossature bois, mai", trainingCentre, solene, "5", "jours", "1150"},
	{date(7, 11), training, "Inscriptions individuelles, printemps", trainees, "", "6", "places", "385"},
	{date(10, 10), training, "Stage charpente, septembre", lycee, "", "4", "jours", "1180"},
	{date(11, 7), training, "Stage enduits de terre, octobre", trainingCentre, solene, "3", "jours", "1180"},
	{date(12, 5), training, "Stage isolation en paille, novembre", community, "", "5", "jours", "1180"},
	{date(12, 16), training, "Inscriptions individuelles, automne", trainees, "", "5", "places", "385"},

	{date(2, 21), furniture, "Acompte, lot 1 : tables et bancs", quatreVents, "", "1", "", "4260"},
	{date(6, 6), furniture, "Solde à la livraison, lot 1", quatreVents, "", "1", "", "9937.50"},
	{date(6, 27), furniture, "Acompte, lot 2 : salle de lecture", bourgNeuf, claire, "1", "", "3975.60"},
	{date(9, 12), furniture, "Solde à la livraison, lot 2", bourgNeuf, claire, "1", "", "9276.40"},
	{date(10, 17), furniture, "Chaises empilables", saintFargal, "", "48", "chaises", "94.50"},
	{date(11, 21), furniture, "Acompte, lot 3 : casiers et étagères", saintFargal, "", "1", "", "3182.25"},
	{date(12, 18), furniture, "Bancs de préau", saintFargal, "", "12", "bancs", "218.75"},

	{date(2, 14), canteens, "Pain de janvier", kitchens, "", "418.5", "kg", "4.35"},
	{date(3, 14), canteens, "Pain de février", kitchens, "", "262", "kg", "4.35"},
	{date(4, 14), canteens, "Pain de mars", kitchens, "", "447.5", "kg", "4.35"},
	{date(5, 14), canteens, "Pain d'avril", kitchens, "", "231.5", "kg", "4.35"},
	{date(6, 13), canteens, "Pain de mai", kitchens, "", "396", "kg", "4.35"},
	{date(7, 15), canteens, "Pain de juin", kitchens, "", "471.5", "kg", "4.35"},
	{date(9, 3), canteens, "Pain de la première semaine de juillet", kitchens, "", "86.5", "kg", "4.35"},
	{date(10, 14), canteens, "Pain de septembre", kitchens, "", "512.5", "kg", "4.48"},
	{date(11, 14), canteens, "Pain d'octobre", kitchens, "", "308.5", "kg", "4.48"},
	{date(12, 15), canteens, "Pain de novembre", kitchens, "", "489", "kg", "4.48"},

	{date(1, 31), baskets, "Paniers de janvier", subscribers, "", "142", "paniers", "14.50"},
	{date(2, 28), baskets, "Paniers de février", subscribers, "", "138", "paniers", "14.50"},
	{date(3, 31), baskets, "Paniers de mars", subscribers, "", "146", "paniers", "14.50"},
	{date(4, 30), baskets, "Paniers d'avril", subscribers, "", "153", "paniers", "14.50"},
	{date(5, 30), baskets, "Paniers de mai", subscribers, "", "169", "paniers", "14.50"},
	{date(6, 30), baskets, "Paniers de juin", subscribers, "", "181", "paniers", "14.50"},
	{date(7, 31), baskets, "Paniers de juillet", subscribers, "", "177", "paniers", "14.50"},
	{date(8, 29), baskets, "Paniers d'août", subscribers, "", "97", "paniers", "14.50"},
	{date(9, 30), baskets, "Paniers de septembre", subscribers, "", "172", "paniers", "14.80"},
	{date(10, 31), baskets, "Paniers d'octobre", subscribers, "", "185", "paniers", "14.80"},
	{date(11, 28), baskets, "Paniers de novembre", subscribers, "", "171", "paniers", "14.80"},
	{date(12, 19), baskets, "Paniers de décembre", subscribers, "", "129", "paniers", "14.80"},

	{date(1, 31), software, "Abonnements annuels", producers, "", "14", "comptes", "178.80"},
	{date(3, 21), software, "Développement du calcul des tournées", producers, fournil, "9", "jours", "480"},
	{date(5, 9), software, "Développement de la prise de commande", producers, fournil, "8.5", "jours", "480"},
	{date(7, 4), software, "Développement des bons de livraison", kitchens, "", "11", "jours", "480"},
	{date(9, 19), software, "Hébergement et assistance, premier semestre", kitchens, "", "6", "mois", "146.20"},
	{date(10, 31), software, "Développement des retours et avoirs", otherValley, fournil, "12.5", "jours", "495"},
	{date(11, 28), software, "Abonnements annuels", otherValley, fournil, "9", "comptes", "178.80"},
	{date(12, 19), software, "Développement de la facturation partagée", producers, "", "7", "jours", "495"},

	{date(2, 7), repair, "Adhésions de l'année", visitors, "", "46", "adhésions", "12"},
	{date(3, 21), repair, "Subvention de fonctionnement", mirepierre, "", "1", "", "5200"},
	{date(6, 17), repair, "Participation libre aux permanences, printemps", visitors, "", "1", "", "612.85"},
	{date(10, 3), repair, "Participation libre aux permanences, été", visitors, "", "1", "", "348.30"},
	{date(11, 14), repair, "Ateliers de réparation au lycée", lycee, "", "2", "ateliers", "640"},

	{date(6, 27), marketHall, "Tranche 1 : diagnostic", mirepierre, "", "1", "", "7200"},
	{date(9, 26), marketHall, "Tranche 2 : concertation", mirepierre, "", "11.5", "jours", "620"},
	{date(12, 11), marketHall, "Étude d'exploitation pour la vallée", community, etienne, "13", "jours", "640"},

	{date(4, 4), greenhouse, "Subvention à l'équipement", community, "", "1", "", "4800"},
	{date(10, 24), greenhouse, "Visites de classes", schools, "", "16", "visites", "65"},
}

// A purchase is money that went out. Without project it is for the support functions.
type purchase struct {
	paid            time.Time
	project         string
	label, supplier string
	amount          string // EUR, excluding VAT
}

var purchases = []purchase{
	{date(3, 7), training, "Terre, chaux et sable pour les stages", "Matériaux du Causse Blanc", "412.60"},
	{date(3, 19), training, "Bois de charpente pour maquettes", "Scierie de Malvernes", "1148.35"},
	{date(4, 8), training, "Bottes de paille", "Ferme de Peyrebasse", "286.00"},
	{date(5, 16), training, "Intervention sur la prévention des risques", "Prévention Solvaire", "1400.00"},
	{date(6, 4), training, "Impression des livrets", "Imprimerie de la Gravette", "318.75"},
	{date(6, 13), training, "Casques, gants et lunettes", "Comptoir du chantier de Mirepierre", "197.92"},
	{date(10, 3), training, "Bois de charpente, stage de septembre", "Scierie de Malvernes", "864.24"},
	{date(11, 18), training, "Déplacements des stagiaires", "Autocars de l'Orline", "236.40"},

	{date(1, 30), furniture, "Plateaux de hêtre", "Scierie de Malvernes", "2386.40"},
	{date(2, 12), furniture, "Visserie et patins", "Quincaillerie Brassac-Vial", "418.32"},
	{date(3, 26), furniture, "Plateaux de frêne", "Scierie de Malvernes", "2947.15"},
	{date(4, 16), furniture, "Découpe numérique des gabarits et dossiers", "Découpe Horizon", "1950.00"},
	{date(5, 7), furniture, "Huile dure et abrasifs", "Quincaillerie Brassac-Vial", "564.35"},
	{date(6, 3), furniture, "Location d'un camion pour la livraison", "Loc'Orline", "284.60"},
	{date(9, 5), furniture, "Plateaux de chêne", "Scierie de Malvernes", "1612.80"},
	{date(9, 18), furniture, "Affûtage des outils de coupe", "Affûtage Tournebise", "142.50"},
	{date(11, 27), furniture, "Ferrures des casiers", "Quincaillerie Brassac-Vial", "387.18"},

	{date(1, 22), canteens, "Farine de seigle et de petit épeautre", "Moulin de Combelouve", "638.40"},
	{date(3, 12), canteens, "Farine de seigle et de petit épeautre", "Moulin de Combelouve", "571.20"},
	{date(5, 21), canteens, "Farine de seigle et de petit épeautre", "Moulin de Combelouve", "604.80"},
	{date(6, 26), canteens, "Électricité du fournil, part du projet", "Énergie de la vallée", "483.67"},
	{date(9, 11), canteens, "Farine de seigle et de petit épeautre", "Moulin de Combelouve", "712.32"},
	{date(10, 16), canteens, "Caisses de livraison", "Emballages Tressaud", "226.90"},
	{date(11, 12), canteens, "Farine de seigle et de petit épeautre", "Moulin de Combelouve", "655.20"},
	{date(12, 17), canteens, "Électricité du fournil, part du projet", "Énergie de la vallée", "517.41"},

	{date(1, 16), baskets, "Semences de l'année", "Semences du Vernoux", "924.15"},
	{date(2, 19), baskets, "Plants de pommes de terre", "Semences du Vernoux", "356.70"},
	{date(3, 20), baskets, "Terreau et fumier composté", "Ferme de Peyrebasse", "712.00"},
	{date(5, 15), baskets, "Sacs et élastiques", "Emballages Tressaud", "268.44"},
	{date(6, 18), baskets, "Carburant des livraisons, premier semestre", "Station du Pont", "431.27"},
	{date(7, 24), baskets, "Pièces d'arrosage", "Comptoir du chantier de Mirepierre", "318.63"},
	{date(9, 16), baskets, "Filets de protection", "Semences du Vernoux", "642.80"},
	{date(12, 12), baskets, "Carburant des livraisons, second semestre", "Station du Pont", "398.91"},

	{date(1, 20), software, "Hébergement, premier trimestre", "Hébergeur des Collines", "187.20"},
	{date(4, 17), software, "Hébergement, deuxième trimestre", "Hébergeur des Collines", "187.20"},
	{date(6, 11), software, "Étude d'ergonomie", "Studio Ombelline", "1680.00"},
	{date(7, 17), software, "Hébergement, troisième trimestre", "Hébergeur des Collines", "203.40"},
	{date(9, 24), software, "Audit de sécurité", "Cabinet Verrou", "1250.00"},
	{date(10, 16), software, "Hébergement, quatrième trimestre", "Hébergeur des Collines", "203.40"},
	{date(11, 26), software, "Messages aux livreurs", "Télécom Sud-Vallée", "96.35"},

	{date(1, 29), repair, "Pièces détachées", "Comptoir des Pièces d'Orline", "284.10"},
	{date(3, 26), repair, "Postes de soudure et multimètres", "Comptoir des Pièces d'Orline", "612.48"},
	{date(5, 21), repair, "Pièces détachées", "Comptoir des Pièces d'Orline", "331.75"},
	{date(9, 10), repair, "Établis pliants", "Quincaillerie Brassac-Vial", "748.00"},
	{date(10, 22), repair, "Pièces détachées", "Comptoir des Pièces d'Orline", "307.26"},
	{date(12, 3), repair, "Café, thé et gâteaux de l'année", "Épicerie du Bourg-Neuf", "214.85"},

	{date(3, 11), marketHall, "Impression des plans et affiches", "Imprimerie de la Gravette", "246.30"},
	{date(5, 28), marketHall, "Diagnostic de structure", "Bureau d'études Poutre & Pierre", "2480.00"},
	{date(6, 19), marketHall, "Déplacements, visites de trois halles", "Autocars de l'Orline", "418.60"},
	{date(9, 30), marketHall, "Salle et repas des ateliers d'habitants", "Épicerie du Bourg-Neuf", "387.45"},
	{date(11, 20), marketHall, "Exposition publique", "Imprimerie de la Gravette", "529.90"},

	{date(2, 18), greenhouse, "Béton et ferraillage des plots", "Matériaux du Causse Blanc", "1122.40"},
	{date(3, 13), greenhouse, "Bois de l'ossature", "Scierie de Malvernes", "1876.35"},
	{date(4, 24), greenhouse, "Verre trempé de toiture", "Miroiterie Claravel", "3214.60"},
	{date(5, 22), greenhouse, "Cuve et gouttières", "Comptoir du chantier de Mirepierre", "689.00"},
	{date(6, 5), greenhouse, "Location d'une nacelle", "Loc'Orline", "436.80"},
	{date(9, 25), greenhouse, "Plants et graines pour les classes", "Semences du Vernoux", "214.15"},

	{date(1, 15), "", "Assurance responsabilité civile", "Mutuelle de la vallée d'Orline", "1284.60"},
	{date(3, 31), "", "Loyer du local commun, premier trimestre", "Commune de Mirepierre", "960.00"},
	{date(4, 15), "", "Comptabilité, premier trimestre", "Cabinet Balance et Fils", "735.00"},
	{date(6, 30), "", "Loyer du local commun, deuxième trimestre", "Commune de Mirepierre", "960.00"},
	{date(7, 15), "", "Comptabilité, deuxième trimestre", "Cabinet Balance et Fils", "735.00"},
	{date(9, 30), "", "Loyer du local commun, troisième trimestre", "Commune de Mirepierre", "960.00"},
	{date(10, 15), "", "Comptabilité, troisième trimestre", "Cabinet Balance et Fils", "735.00"},
	{date(11, 25), "", "Téléphone et accès au réseau", "Télécom Sud-Vallée", "431.88"},
	{date(12, 18), "", "Loyer du local commun, quatrième trimestre", "Commune de Mirepierre", "985.00"},
	{date(12, 19), "", "Comptabilité, clôture et quatrième trimestre", "Cabinet Balance et Fils", "1460.00"},
}

// Money returns the treasurer's list of the year: CSV with semicolons, decimal commas and French dates, by day of payment.
func Money() []byte {
	type movement struct {
		day   time.Time
		cells []string
	}
	var movements []movement
	for i, s := range slices.SortedStableFunc(slices.Values(sales), func(a, b sale) int { return a.paid.Compare(b.paid) }) {
		count, price := decimal.RequireFromString(s.count), decimal.RequireFromString(s.price)
		label := s.label
		if s.unit != "" {
			label += fmt.Sprintf(" : %s %s à %s €", frenchNumber(count), s.unit, frenchAmount(price))
		}
		movements = append(movements, movement{s.paid, []string{
			frenchDate(s.paid), "Recette", s.project, label, fmt.Sprintf("F-2025-%03d", i+1), s.customer, s.introducer, frenchAmount(count.Mul(price)),
		}})
	}
	for i, p := range slices.SortedStableFunc(slices.Values(purchases), func(a, b purchase) int { return a.paid.Compare(b.paid) }) {
		movements = append(movements, movement{p.paid, []string{
			frenchDate(p.paid), "Dépense", p.project, p.label, fmt.Sprintf("A-2025-%03d", i+1), p.supplier, "", frenchAmount(decimal.RequireFromString(p.amount)),
		}})
	}
	slices.SortStableFunc(movements, func(a, b movement) int { return a.day.Compare(b.day) })
	rows := [][]string{{"Date de paiement", "Sens", "Projet", "Libellé", "Pièce", "Tiers", "Apporteur", "Montant HT"}}
	for _, m := range movements {
		rows = append(rows, m.cells)
	}
	return table(rows)
}
