package invent

import "time"

// A task is something that people of a trade do again and again in a project. Its text may offer choices: "{bleu|vert}".
type task struct {
	project     string
	trade       trade
	from, to    time.Month
	least, most int // quarter hours
	day         time.Weekday
	text        string
	evidence    string
}

// anyDay says that a task is done on the working days of whoever does it. It is Sunday, when nobody works.
const anyDay = time.Sunday

var tasks = []task{
	{training, teaching, 1, 11, 8, 20, anyDay, "Préparation des maquettes pour {l'ossature bois|les enduits de terre|la coupe de la paille}", ""},
	{training, teaching, 1, 12, 4, 8, anyDay, "Entretiens avec les personnes inscrites au prochain stage", ""},
	{training, teaching, 3, 12, 4, 8, anyDay, "Bilan avec les stagiaires, {ce qui a servi|ce qui a manqué|suites sur leurs chantiers}", "compte rendu"},
	{training, teaching, 1, 12, 6, 14, anyDay, "Mise à jour du dossier pédagogique {ossature bois|enduits de terre|isolation en paille|charpente}", ""},
	{training, teaching, 3, 11, 4, 8, anyDay, "Remise en ordre du plateau technique et tri des chutes", ""},
	{training, office, 1, 12, 8, 16, anyDay, "Mise en page du livret {ossature bois|enduits de terre|isolation en paille}", ""},
	{training, office, 2, 11, 10, 20, anyDay, "Montage des vidéos de gestes : {assembler un poteau|dresser un enduit|couper la paille}", ""},
	{training, office, 1, 12, 4, 10, anyDay, "Conventions de stage et émargements", ""},
	{training, office, 1, 10, 8, 18, anyDay, "Réponse à la consultation {du centre de formation|du lycée des métiers|de la communauté de communes}", ""},

	{furniture, joinery, 1, 11, 12, 24, anyDay, "Débit et corroyage, plateaux de {hêtre|frêne|chêne}", ""},
	{furniture, joinery, 1, 12, 16, 30, anyDay, "Assemblage des {tables|bancs|casiers|étagères} de {la maternelle|la grande section|la salle de lecture}", ""},
	{furniture, joinery, 2, 12, 12, 24, anyDay, "Ponçage et huile dure, {six tables|huit bancs|douze chaises|un lot de casiers}", ""},
	{furniture, joinery, 1, 11, 6, 12, anyDay, "Gabarits de perçage pour {les piétements|les casiers|les dossiers}", ""},
	{furniture, joinery, 1, 12, 4, 10, anyDay, "Affûtage des fers et réglage de {la dégauchisseuse|la toupie|la scie à ruban}", ""},
	{furniture, joinery, 5, 12, 16, 28, anyDay, "Pose à l'école {des Quatre-Vents|de Saint-Fargal|du Bourg-Neuf}", "bon de livraison"},
	{furniture, design, 1, 10, 8, 18, anyDay, "Relevé des salles avec les enseignantes, école {des Quatre-Vents|de Saint-Fargal|du Bourg-Neuf}", "croquis cotés"},
	{furniture, design, 1, 11, 12, 28, anyDay, "Plans d'exécution des {tables réglables|bancs|casiers|chaises empilables}", ""},
	{furniture, design, 1, 9, 10, 20, anyDay, "Maquette à l'échelle 1 : {table réglable|chaise empilable|coin lecture}", ""},
	{furniture, design, 3, 11, 8, 14, anyDay, "Atelier de dessin avec les élèves, {une table pour deux|le coin calme|ranger ensemble}", ""},
	{furniture, design, 1, 12, 6, 14, anyDay, "Chiffrage du lot {1|2|3} pour la commune", ""},
	{furniture, design, 2, 12, 4, 10, anyDay, "Réunion avec le service des écoles", "compte rendu"},

	{canteens, baking, 1, 12, 14, 26, anyDay, "Pétrissage et cuisson pour les cantines, pain {de campagne|de méteil|de petit épeautre|complet}", ""},
	{canteens, baking, 1, 12, 4, 8, anyDay, "Rafraîchi des levains et pesées de la veille", ""},
	{canteens, baking, 1, 11, 8, 14, anyDay, "Essai d'un pain {plus hydraté|à croûte tendre|moins salé} pour les maternelles", "fiche d'essai"},
	{canteens, baking, 1, 12, 4, 8, anyDay, "Nettoyage du pétrin et de la chambre de pousse", ""},
	{canteens, baking, 2, 11, 6, 10, anyDay, "Dégustation avec les équipes de cuisine", ""},
	{canteens, delivery, 1, 12, 8, 14, anyDay, "Tournée {nord|sud}, {quatre|cinq|six} cantines", "bon de livraison"},
	{canteens, delivery, 1, 12, 4, 6, anyDay, "Pesée des retours et du pain perdu", ""},
	{canteens, delivery, 1, 12, 3, 6, anyDay, "Commandes de la semaine avec les cuisines", ""},
	{canteens, delivery, 1, 12, 6, 10, anyDay, "Bons de livraison du mois et préparation de la facture", ""},
	{canteens, fields, 10, 11, 14, 26, anyDay, "Semis du blé de population, parcelle {du haut|de la rivière}", ""},
	{canteens, fields, 1, 12, 8, 16, anyDay, "Mouture à la meule, {60|80|100|120} kg de farine", ""},
	{canteens, fields, 2, 6, 8, 18, anyDay, "Désherbage mécanique du blé, parcelle {du haut|de la rivière}", ""},
	{canteens, fields, 9, 12, 8, 16, anyDay, "Tri du grain et mise en silo", ""},

	{baskets, gardening, 1, 3, 10, 20, anyDay, "Récolte et lavage : {poireaux|mâche|panais|choux frisés}", ""},
	{baskets, gardening, 4, 6, 12, 24, anyDay, "Récolte et lavage : {radis|épinards|fèves|petits pois|salades}", ""},
	{baskets, gardening, 7, 9, 14, 28, anyDay, "Récolte et lavage : {tomates|courgettes|haricots verts|aubergines|concombres}", ""},
	{baskets, gardening, 10, 12, 12, 22, anyDay, "Récolte et lavage : {courges|betteraves|carottes|choux}", ""},
	{baskets, gardening, 1, 4, 8, 16, anyDay, "Semis sous abri : {tomates|poivrons|salades|oignons}", ""},
	{baskets, gardening, 3, 9, 10, 22, anyDay, "Plantation : {salades|poireaux|choux|courges|pommes de terre}", ""},
	{baskets, gardening, 4, 10, 8, 18, anyDay, "Désherbage à la houe, planches {1 à 6|7 à 12|13 à 18}", ""},
	{baskets, gardening, 5, 9, 4, 10, anyDay, "Arrosage : {réglage des goutteurs|nettoyage des filtres|tour des vannes}", ""},
	{baskets, gardening, 1, 12, 8, 16, fri, "Préparation des paniers du vendredi", "liste des abonnés"},
	{baskets, delivery, 1, 12, 8, 14, fri, "Distribution des paniers {à la gare|devant l'école|à la mairie}", "liste des abonnés"},
	{baskets, delivery, 1, 12, 3, 8, anyDay, "Appels aux abonnés, {absences|renouvellements|nouveaux inscrits}", ""},
	{baskets, delivery, 1, 12, 6, 10, anyDay, "Lettre de la semaine : recette et nouvelles du jardin", ""},
	{baskets, baking, 1, 12, 12, 18, thu, "Fournée du jeudi pour les paniers", ""},

	{software, coding, 1, 12, 14, 28, anyDay, "Développement : {calcul des tournées|prise de commande|bons de livraison|retours et avoirs|export comptable|droits d'accès}", ""},
	{software, coding, 1, 12, 4, 12, anyDay, "Relecture de code et tests, {tournées|commandes|bons de livraison|export comptable}", ""},
	{software, coding, 1, 12, 4, 14, anyDay, "Correction d'anomalies signalées par {les cantines|les maraîchers|le fournil}", ""},
	{software, coding, 2, 11, 8, 16, anyDay, "Accessibilité {du formulaire de commande|du plan des tournées|de l'accueil}", ""},
	{software, coding, 1, 12, 4, 6, anyDay, "Point d'avancement avec les utilisatrices et utilisateurs", "compte rendu"},
	{software, operations, 1, 12, 4, 8, anyDay, "Sauvegardes et essai de restauration", "journal d'exploitation"},
	{software, operations, 1, 12, 6, 14, anyDay, "Mise à jour des serveurs", "journal d'exploitation"},
	{software, operations, 2, 12, 6, 14, anyDay, "Documentation de l'installation et des pannes connues", ""},
	{software, operations, 1, 12, 4, 12, anyDay, "Aide aux utilisateurs, {nouveaux comptes|import du catalogue|questions de facturation}", ""},
	{software, delivery, 1, 12, 4, 10, anyDay, "Essai de la nouvelle version sur la tournée {nord|sud}", "fiche d'essai"},

	{repair, joinery, 1, 12, 12, 16, sat, "Permanence de réparation : {petit électroménager|vélos|lampes|couture|petits meubles}", "registre des réparations"},
	{repair, joinery, 1, 12, 6, 12, anyDay, "Tri et étiquetage de l'outillothèque", ""},
	{repair, joinery, 1, 12, 4, 8, anyDay, "Recherche de pièces détachées, {bouilloires|grille-pain|machines à coudre|dérailleurs}", ""},
	{repair, hosting, 1, 12, 12, 14, sat, "Accueil de la permanence et inscriptions", "registre des réparations"},
	{repair, hosting, 1, 12, 4, 8, anyDay, "Affiches et annonces de la prochaine permanence", ""},

	{marketHall, studies, 2, 6, 12, 24, anyDay, "Relevé de la halle, {charpente|couverture|maçonneries|réseaux}", "carnet de relevé"},
	{marketHall, studies, 5, 11, 12, 26, anyDay, "Esquisses d'aménagement, variante {A|B|C}", ""},
	{marketHall, studies, 8, 12, 10, 20, anyDay, "Chiffrage des travaux, {charpente|isolation|cuisine partagée|accès}", ""},
	{marketHall, studies, 9, 12, 10, 20, anyDay, "Scénarios d'exploitation, {marché et atelier|cuisine partagée|salle commune}", ""},
	{marketHall, hosting, 2, 11, 12, 18, anyDay, "Atelier avec les habitants : {le rez-de-chaussée|le marché du samedi|le bruit et les horaires|l'accès pour tous}", "photos et relevé des avis"},
	{marketHall, hosting, 2, 9, 6, 14, anyDay, "Entretiens avec {des commerçants|des associations|des élus|des voisins}", ""},
	{marketHall, hosting, 3, 12, 10, 20, anyDay, "Synthèse {des entretiens|des ateliers|des avis recueillis}", ""},
	{marketHall, hosting, 4, 12, 6, 12, anyDay, "Préparation de la réunion publique", ""},

	{greenhouse, joinery, 2, 3, 16, 28, anyDay, "Terrassement et plots de fondation", ""},
	{greenhouse, joinery, 3, 5, 18, 30, anyDay, "Montage de l'ossature, {portiques|pannes|pignon nord|pignon sud}", ""},
	{greenhouse, joinery, 5, 7, 14, 26, anyDay, "Pose du vitrage, {toiture|pignons|ouvrants}", ""},
	{greenhouse, joinery, 6, 11, 10, 20, anyDay, "Tables de culture et rangements", ""},
	{greenhouse, teaching, 4, 7, 8, 12, anyDay, "Accueil d'une classe : {les semis|le compost|les insectes|l'eau}", "cahier de visite"},
	{greenhouse, teaching, 9, 11, 8, 12, anyDay, "Accueil d'une classe : {les graines|le compost|les feuilles|l'eau}", "cahier de visite"},
	{greenhouse, teaching, 1, 12, 6, 14, anyDay, "Fiches d'activité pour les enseignantes, {cycle 1|cycle 2|cycle 3}", ""},
	{greenhouse, teaching, 1, 3, 4, 8, anyDay, "Rencontre avec les écoles volontaires", "compte rendu"},
}

// careTasks are done in every project.
var careTasks = []task{
	{least: 6, most: 12, text: "Repas partagé de l'équipe, courses et cuisine"},
	{least: 4, most: 8, text: "Accueil d'une personne venue {découvrir le projet|aider bénévolement|en stage}"},
	{least: 3, most: 8, text: "Écoute et appui à une personne de l'équipe"},
	{least: 6, most: 10, text: "Facilitation de la réunion mensuelle", evidence: "compte rendu"},
	{least: 4, most: 8, text: "Ménage du lieu de travail commun"},
	{least: 8, most: 12, text: "Garde des enfants pendant l'assemblée"},
	{least: 6, most: 10, text: "Médiation {entre deux membres de l'équipe|avec un voisin|avec un client}"},
	{least: 4, most: 6, text: "Mise à jour du tableau des tours de rôle, qui porte quoi"},
	{least: 4, most: 10, text: "Visite à un membre en arrêt, nouvelles et relais"},
	{least: 4, most: 6, text: "Trousses de secours et tour de sécurité du lieu"},
	{least: 8, most: 14, text: "Apprendre un geste à {un nouveau membre|une stagiaire|un voisin de passage}"},
}

// A course is a training course: so many working days from a first one, each of seven hours, led by several people.
type course struct {
	first time.Time
	days  int
	text  string
	led   []string
}

// courses are those that the training centre, the lycée and the community paid for.
var courses = []course{
	{date(3, 10), 5, "ossature bois", []string{mathilde, bruno}},
	{date(4, 1), 3, "enduits de terre", []string{mathilde, claire}},
	{date(4, 14), 4, "isolation en paille", []string{mathilde, awa}},
	{date(5, 19), 5, "ossature bois", []string{mathilde, bruno}},
	{date(9, 8), 4, "charpente", []string{bruno, awa}},
	{date(10, 6), 3, "enduits de terre", []string{mathilde, claire}},
	{date(11, 3), 5, "isolation en paille", []string{mathilde, awa}},
}
