package main

// A trade is what somebody can do, with the things that it is done to. All words are this program's own.
type trade struct {
	fr, en           string   // the skill
	theme            string   // what it is about
	things, thingsEN []string // made or mended
}

var trades = []trade{
	{"menuiserie", "joinery", "bois", []string{"portes", "fenêtres", "étagères", "établis", "bancs d'école", "volets"}, []string{"doors", "windows", "shelves", "workbenches", "school benches", "shutters"}},
	{"charpente", "framing", "bois", []string{"granges", "halles", "toitures", "passerelles", "pergolas"}, []string{"barns", "market halls", "roofs", "footbridges", "pergolas"}},
	{"boulangerie", "baking", "alimentation", []string{"pains au levain", "brioches", "galettes", "pain des cantines"}, []string{"sourdough loaves", "brioches", "flat cakes", "bread for canteens"}},
	{"maraîchage", "market gardening", "alimentation", []string{"paniers de légumes", "plants de tomates", "salades", "courges", "semences"}, []string{"vegetable boxes", "tomato plants", "salads", "squashes", "seeds"}},
	{"cuisine", "cooking", "alimentation", []string{"repas de fête", "soupes", "buffets", "conserves", "ateliers du goût"}, []string{"festive meals", "soups", "buffets", "preserves", "tasting workshops"}},
	{"couture", "sewing", "textile", []string{"rideaux", "costumes", "sacs", "vestes de travail", "drapeaux"}, []string{"curtains", "costumes", "bags", "work jackets", "flags"}},
	{"tissage", "weaving", "textile", []string{"couvertures", "écharpes", "tapis", "toiles"}, []string{"blankets", "scarves", "rugs", "cloth"}},
	{"maçonnerie", "masonry", "bâtiment", []string{"murs de pierre", "fours", "terrasses", "voûtes", "enduits à la chaux"}, []string{"stone walls", "ovens", "terraces", "vaults", "lime renders"}},
	{"plomberie", "plumbing", "bâtiment", []string{"salles d'eau", "chauffe-eau solaires", "fontaines", "citernes"}, []string{"bathrooms", "solar heaters", "fountains", "cisterns"}},
	{"électricité", "electrics", "bâtiment", []string{"tableaux électriques", "panneaux solaires", "éclairages", "bornes"}, []string{"switchboards", "solar panels", "lighting", "charging points"}},
	{"développement logiciel", "software development", "numérique", []string{"sites", "formulaires", "cartes en ligne", "outils de planning", "bases d'adhérents"}, []string{"sites", "forms", "online maps", "planning tools", "membership databases"}},
	{"graphisme", "graphic design", "numérique", []string{"affiches", "logos", "brochures", "signalétiques", "expositions"}, []string{"posters", "logos", "booklets", "signage", "exhibitions"}},
	{"traduction", "translation", "langues", []string{"contrats", "romans", "notices", "sous-titres", "sites"}, []string{"contracts", "novels", "manuals", "subtitles", "websites"}},
	{"comptabilité", "accounting", "gestion", []string{"bilans", "paies", "déclarations", "budgets partagés"}, []string{"balance sheets", "payrolls", "returns", "shared budgets"}},
	{"facilitation", "facilitation", "gouvernance", []string{"assemblées", "séminaires", "médiations", "ateliers de projet"}, []string{"assemblies", "seminars", "mediations", "project workshops"}},
	{"formation", "teaching", "transmission", []string{"cours du soir", "stages", "tutoriels", "chantiers-écoles"}, []string{"evening classes", "courses", "tutorials", "training sites"}},
	{"musique", "music", "culture", []string{"bals", "concerts", "veillées", "fanfares", "chorales"}, []string{"dances", "concerts", "evenings", "brass bands", "choirs"}},
	{"photographie", "photography", "culture", []string{"portraits", "reportages", "archives", "tirages"}, []string{"portraits", "reports", "archives", "prints"}},
	{"mécanique", "mechanics", "mobilité", []string{"vélos", "tracteurs", "remorques", "moulins"}, []string{"bicycles", "tractors", "trailers", "mills"}},
	{"transport", "haulage", "mobilité", []string{"tournées de livraison", "déménagements", "navettes", "colis à vélo"}, []string{"delivery rounds", "removals", "shuttles", "parcels by bicycle"}},
}

var (
	qualities   = []string{"sur mesure", "en petite série", "à partager", "pour débuter", "d'occasion", "en urgence", "pour l'hiver", "de saison", "à plusieurs", "sans plastique"}
	qualitiesEN = []string{"made to measure", "in small runs", "to share", "for beginners", "second-hand", "at short notice", "for the winter", "in season", "with others", "without plastic"}

	manners   = []string{"Nous travaillons avec des matières de la vallée", "Chaque étape est montrée à qui veut apprendre", "Le devis se discute autour d'un café", "Nous réparons avant de remplacer", "Une équipe de deux ou trois personnes vient sur place", "Les chutes et les restes sont rendus ou donnés", "Nous tenons un carnet du travail que chacun peut lire", "Le calendrier se décide ensemble", "Nous prêtons aussi les outils", "Tout est documenté sous licence libre"}
	mannersEN = []string{"We work with materials of the valley", "Every step is shown to whoever wants to learn", "The estimate is talked over at the table", "We mend before we replace", "A crew of two or three comes to the place", "Scraps and leftovers are returned or given away", "We keep a book of the work that anyone may read", "The calendar is decided together", "We lend the tools too", "Everything is documented under a free licence"}

	reasons   = []string{"pour une école", "pour la cantine du village", "pour un tiers-lieu qui ouvre", "pour une fête au printemps", "pour un habitat partagé", "pour notre boutique", "pour une association de quartier", "pour remettre en route un atelier"}
	reasonsEN = []string{"for a school", "for the village canteen", "for a shared workshop that opens", "for a feast in spring", "for shared housing", "for our shop", "for a neighbourhood association", "to bring a workshop back to life"}

	audiences = []string{"communes", "associations", "entreprises", "familles", "écoles", "artisans"}

	beginnings = []string{"L'Atelier", "Le Comptoir", "La Fabrique", "La Coopérative", "Les Amis", "Le Chantier", "La Maison", "Le Collectif", "L'Établi", "La Ruche"}
	endings    = []string{"du Gué", "des Aulnes", "de la Combe", "du Vieux Four", "des Trois Ponts", "de la Lisière", "du Puits", "des Vanneaux", "de l'Orme", "du Plateau", "des Halles", "de la Source"}
)

// A town is an invented place on a real globe.
type town struct {
	name     string
	lat, lon int32 // millionths of a degree
}

var towns = []town{
	{"Valdombre", 45_120_000, 4_310_000},
	{"Mirepierre", 45_240_000, 4_480_000},
	{"Les Orlines", 45_310_000, 4_120_000},
	{"Saint-Arvan", 44_980_000, 4_520_000},
	{"Combevieille", 45_050_000, 4_020_000},
	{"Pont-Lambert", 45_420_000, 4_390_000},
	{"La Tessonne", 45_180_000, 4_690_000},
	{"Hautebise", 44_870_000, 4_240_000},
	{"Roquelune", 45_510_000, 4_570_000},
	{"Les Varennes", 45_360_000, 4_760_000},
	{"Montclair-le-Bas", 44_930_000, 4_710_000},
	{"Fontaube", 45_600_000, 4_180_000},
}
