package invent

import "time"

// A deliverable is knowledge that was published.
type deliverable struct {
	day           time.Time
	who, project  string
	text, address string // address under https://doc.la-trame.example/
}

var deliverables = []deliverable{
	{date(1, 24), hugo, software, "Guide d'installation de Navette", "navette/installation"},
	{date(1, 30), nadia, canteens, "Fiche : conduire un levain en fournil de quatre personnes", "pain/levain"},
	{date(2, 11), awa, furniture, "Plans de la table réglable, du cours préparatoire au cours moyen", "mobilier/table-reglable"},
	{date(2, 20), mathilde, training, "Guide du stagiaire : ossature bois", "formations/ossature-bois"},
	{date(2, 26), solene, baskets, "Plan de culture pour 150 paniers", "paniers/plan-de-culture"},
	{date(3, 7), paul, software, "Module de sauvegarde chiffrée", "navette/sauvegarde"},
	{date(3, 13), etienne, canteens, "Recette : pain de méteil pour collectivités", "pain/meteil"},
	{date(3, 18), claire, marketHall, "Méthode d'entretien avec les riverains", "halle/entretiens"},
	{date(3, 21), bruno, furniture, "Gabarits de perçage, fichiers de découpe", "mobilier/gabarits"},
	{date(3, 27), yasmine, software, "Module de calcul des tournées", "navette/tournees"},
	{date(4, 3), odile, greenhouse, "Carnet de l'enseignante : les semis", "serre/semis"},
	{date(4, 10), mathilde, training, "Guide du stagiaire : enduits de terre", "formations/enduits-de-terre"},
	{date(4, 22), awa, marketHall, "Relevé de la halle, plans et coupes", "halle/releve"},
	{date(4, 24), hugo, training, "Vidéo : assembler un poteau et une lisse", "formations/video-poteau"},
	{date(5, 6), lucie, canteens, "Fiche : réduire le pain perdu en cantine", "pain/pain-perdu"},
	{date(5, 13), tiago, greenhouse, "Plans de la serre et nomenclature", "serre/plans"},
	{date(5, 16), corentin, repair, "Fiche de réparation : bouilloire électrique", "reparation/bouilloire"},
	{date(5, 28), mathilde, training, "Guide du stagiaire : isolation en paille", "formations/paille"},
	{date(5, 27), remi, canteens, "Carnet de culture du blé de population", "pain/ble-de-population"},
	{date(6, 3), yasmine, software, "Module de prise de commande accessible", "navette/commande"},
	{date(6, 12), bruno, greenhouse, "Fiche : poser un vitrage de réemploi", "serre/vitrage"},
	{date(6, 17), claire, marketHall, "Synthèse publique des ateliers d'habitants", "halle/synthese"},
	{date(6, 20), awa, furniture, "Plans du banc de préau", "mobilier/banc"},
	{date(6, 26), odile, greenhouse, "Carnet de l'enseignante : le compost", "serre/compost"},
	{date(7, 3), paul, software, "Guide d'exploitation et de reprise après panne", "navette/exploitation"},
	{date(7, 9), solene, baskets, "Fiche : arroser au goutte-à-goutte par gravité", "paniers/goutte-a-goutte"},
	{date(7, 16), corentin, repair, "Fiche de réparation : machine à coudre", "reparation/machine-a-coudre"},
	{date(8, 27), hugo, software, "Module d'export comptable", "navette/export"},
	{date(9, 4), mathilde, training, "Guide du stagiaire : charpente", "formations/charpente"},
	{date(9, 11), awa, furniture, "Plans de la chaise empilable", "mobilier/chaise"},
	{date(9, 17), tiago, baskets, "Fiche : couvrir les planches sans plastique", "paniers/couverture"},
	{date(9, 23), claire, marketHall, "Guide de concertation pour une petite commune", "halle/concertation"},
	{date(9, 30), nadia, canteens, "Recette : pain à croûte tendre pour les maternelles", "pain/croute-tendre"},
	{date(10, 7), odile, greenhouse, "Carnet de l'enseignante : les insectes", "serre/insectes"},
	{date(10, 14), yasmine, software, "Module de suivi des retours", "navette/retours"},
	{date(10, 21), remi, baskets, "Catalogue des semences gardées au jardin", "paniers/semences"},
	{date(10, 28), paul, marketHall, "Tableur de simulation d'exploitation d'une halle", "halle/exploitation"},
	{date(11, 5), hugo, training, "Vidéo : couper et poser la paille", "formations/video-paille"},
	{date(11, 13), bruno, furniture, "Guide d'entretien du mobilier en bois massif", "mobilier/entretien"},
	{date(11, 18), etienne, baskets, "Fiche : cuire au bois avec moitié moins de fagots", "paniers/four-a-bois"},
	{date(11, 25), awa, marketHall, "Esquisse retenue, plans et notice", "halle/esquisse"},
	{date(12, 2), yasmine, software, "Module de facturation des tournées partagées", "navette/facturation"},
	{date(12, 9), corentin, repair, "Fiche de réparation : grille-pain", "reparation/grille-pain"},
	{date(12, 16), mathilde, furniture, "Guide : choisir du bois local pour une école", "mobilier/bois-local"},
}

// A loan is material that was given or lent: so many units at a price.
type loan struct {
	day          time.Time
	who, project string
	text         string
	count        int64
	cents        int64 // of one unit
}

// kilometre is what a kilometre with somebody's van counts for, in cents.
const kilometre = 57

var loans = []loan{
	{date(1, 17), solene, baskets, "Fourgon personnel, livraisons de janvier, 64 km", 64, kilometre},
	{date(1, 28), bruno, furniture, "Prêt de la mortaiseuse, 4 jours à 18,50 €", 4, 1850},
	{date(2, 6), hugo, software, "Don d'un serveur d'occasion", 1, 24000},
	{date(2, 13), remi, canteens, "Don de 85 kg de semences de blé à 1,36 €", 85, 136},
	{date(2, 25), bruno, greenhouse, "Don de madriers de réemploi", 1, 31250},
	{date(3, 5), tiago, greenhouse, "Prêt de la minipelle d'un voisin, 2 jours à 95 €", 2, 9500},
	{date(3, 14), mathilde, training, "Prêt d'échafaudage, 5 jours à 22 €", 5, 2200},
	{date(3, 20), lucie, canteens, "Fourgon personnel, tournée de secours, 118 km", 118, kilometre},
	{date(3, 28), claire, marketHall, "Fournitures des ateliers, offertes", 1, 4685},
	{date(4, 4), corentin, repair, "Don d'un lot d'outils à main", 1, 13590},
	{date(4, 9), tiago, greenhouse, "Don de 14 vitrages de réemploi à 28 €", 14, 2800},
	{date(4, 18), odile, greenhouse, "Don de terreau, 26 sacs à 6,40 €", 26, 640},
	{date(5, 2), awa, furniture, "Impression des maquettes, à ses frais", 1, 5720},
	{date(5, 14), solene, baskets, "Fourgon personnel, livraisons d'avril et mai, 142 km", 142, kilometre},
	{date(5, 20), yasmine, software, "Prêt de trois téléphones pour les essais, 3 mois à 12 €", 9, 1200},
	{date(6, 5), nadia, canteens, "Prêt d'un pétrin pendant la réparation, 9 jours à 26 €", 9, 2600},
	{date(6, 11), claire, marketHall, "Prêt d'une sonorisation, 2 jours à 45 €", 2, 4500},
	{date(6, 19), bruno, furniture, "Prêt de la plaqueuse de chants, 3 jours à 32 €", 3, 3200},
	{date(6, 27), etienne, baskets, "Don de fagots pour le four, 40 à 2,15 €", 40, 215},
	{date(7, 8), remi, baskets, "Prêt d'une chambre froide, 4 semaines à 35 €", 4, 3500},
	{date(7, 22), tiago, baskets, "Fourgon personnel, livraisons de juillet, 96 km", 96, kilometre},
	{date(8, 21), solene, baskets, "Don de 60 cagettes à 1,90 €", 60, 190},
	{date(9, 9), odile, repair, "Don d'une machine à coudre révisée", 1, 8500},
	{date(9, 16), paul, software, "Don de deux disques de sauvegarde à 74,90 €", 2, 7490},
	{date(9, 11), mathilde, training, "Prêt d'échafaudage, 4 jours à 22 €", 4, 2200},
	{date(10, 2), lucie, baskets, "Fourgon personnel, distributions de septembre, 88 km", 88, kilometre},
	{date(10, 15), corentin, greenhouse, "Don de quincaillerie pour les tables de culture", 1, 6435},
	{date(10, 30), bruno, furniture, "Fourgon personnel, pose à Saint-Fargal, 74 km", 74, kilometre},
	{date(11, 6), hugo, training, "Prêt d'une caméra et de deux micros, 3 jours à 40 €", 3, 4000},
	{date(11, 19), claire, marketHall, "Panneaux de l'exposition publique, offerts", 1, 9260},
	{date(11, 27), remi, canteens, "Prêt du trieur à grain, 2 jours à 55 €", 2, 5500},
	{date(12, 4), awa, furniture, "Don de chutes de frêne pour les casiers", 1, 17840},
	{date(12, 11), etienne, canteens, "Fourgon personnel, tournée de secours, 67 km", 67, kilometre},
	{date(12, 17), yasmine, repair, "Don de composants électroniques", 1, 3875},
}

// A milestone is when those who took part say how satisfied they are, most of them at the level mood or beside it.
type milestone struct {
	day     time.Time
	project string
	text    string
	mood    int
}

var milestones = []milestone{
	{date(4, 4), canteens, "Bilan du premier trimestre", 4},
	{date(5, 28), furniture, "Livraison du premier lot", 4},
	{date(6, 24), marketHall, "Remise du diagnostic", 4},
	{date(7, 1), training, "Bilan des stages de printemps", 5},
	{date(7, 4), baskets, "Bilan de mi-saison", 4},
	{date(7, 10), greenhouse, "Fin du chantier, plus long et plus cher que prévu", 2},
	{date(10, 9), software, "Mise en service des commandes", 4},
	{date(11, 14), repair, "Centième réparation", 5},
	{date(12, 10), baskets, "Bilan de saison", 4},
	{date(12, 12), furniture, "Livraison du troisième lot", 3},
	{date(12, 18), marketHall, "Choix de la variante", 4},
}
