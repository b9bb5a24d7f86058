package linkeddata

// vocabulary is the one table from which the JSON-LD context, both writers and the checks are made. PAIR
// and Valueflows come first; Dublin Core, PROV-O, the W3C security vocabulary and schema.org follow; a
// cs term stands only where none of them has one that means the same.
var vocabulary = []Term{
	// PAIR: who takes part, and documents.
	{"pair:Person", KindClass, "", "personne", "person"},
	{"pair:Organization", KindClass, "", "organisation", "organisation"},
	{"pair:Group", KindClass, "", "collectif sans personnalité juridique", "collective without legal personality"},
	{"pair:Project", KindClass, "", "projet", "project"},
	{"pair:Document", KindClass, "", "document", "document"},
	{"pair:MembershipAssociation", KindClass, "", "adhésion d'un acteur à une organisation", "membership of an actor in an organisation"},
	{"pair:label", KindDatatype, xsdString, "nom", "name"},
	{"pair:documents", KindObject, "", "documente", "documents"},
	{"pair:membershipActor", KindObject, "", "membre", "member"},
	{"pair:membershipOrganization", KindObject, "", "organisation dont on est membre", "organisation that one is a member of"},

	// Valueflows: what was given, received and is owed.
	{"vf:Agent", KindClass, "", "agent économique", "economic agent"},
	{"vf:Person", KindClass, "", "personne", "person"},
	{"vf:Organization", KindClass, "", "organisation", "organisation"},
	{"vf:EconomicEvent", KindClass, "", "évènement économique", "economic event"},
	{"vf:Claim", KindClass, "", "créance", "claim"},
	{"vf:Measure", KindClass, "", "quantité avec son unité", "quantity with its unit"},
	{"vf:Unit", KindClass, "", "unité", "unit"},
	{"vf:ResourceSpecification", KindClass, "", "nature de richesse ou monnaie", "kind of wealth, or currency"},
	{"vf:action", KindObject, "", "action", "action"},
	{"vf:provider", KindObject, "", "qui donne", "who gives"},
	{"vf:receiver", KindObject, "", "qui reçoit", "who receives"},
	{"vf:effortQuantity", KindObject, "", "quantité de travail", "quantity of work"},
	{"vf:resourceQuantity", KindObject, "", "quantité de ressource", "quantity of resource"},
	{"vf:resourceConformsTo", KindObject, "", "nature de la richesse", "kind of wealth"},
	{"vf:hasUnit", KindObject, "", "unité", "unit"},
	{"vf:triggeredBy", KindObject, "", "évènement qui fonde la créance", "event on which the claim rests"},
	{"vf:hasNumericalValue", KindDatatype, xsdDecimal, "valeur numérique", "numerical value"},
	{"vf:hasPointInTime", KindDatatype, xsdDateTimeStamp, "instant", "point in time"},
	{"vf:created", KindDatatype, xsdDateTimeStamp, "date de création", "date of creation"},
	{"vf:mediumOfExchange", KindDatatype, xsdBoolean, "est une monnaie", "is a currency"},
	{"vf:name", KindDatatype, xsdString, "nom", "name"},
	{"vf:note", KindDatatype, xsdString, "note", "note"},
	{"vf:label", KindDatatype, xsdString, "libellé", "label"},
	{"vf:symbol", KindDatatype, xsdString, "symbole", "symbol"},
	{"vf:omUnitIdentifier", KindDatatype, xsdAnyURI, "unité dans l'ontologie OM 2", "unit in the ontology OM 2"},
	{"vf:work", KindIndividual, "", "travailler", "to work"},
	{"vf:deliverService", KindIndividual, "", "rendre un service", "to deliver a service"},
	{"vf:transfer", KindIndividual, "", "transférer", "to transfer"},

	// Dublin Core terms: documents and their versions.
	{"dct:title", KindText, "", "titre", "title"},
	{"dct:description", KindText, "", "texte", "text"},
	{"dct:identifier", KindDatatype, xsdString, "identifiant", "identifier"},
	{"dct:isVersionOf", KindObject, "", "est une version de", "is a version of"},
	{"dct:replaces", KindObject, "", "remplace", "replaces"},
	{"dct:isPartOf", KindObject, "", "fait partie de", "is part of"},

	// The W3C security vocabulary: keys.
	{"sec:Multikey", KindClass, "", "clé publique", "public key"},
	{"sec:controller", KindObject, "", "titulaire de la clé", "holder of the key"},
	{"sec:verificationMethod", KindObject, "", "clé de vérification", "key to verify with"},
	{"sec:publicKeyMultibase", KindDatatype, secMultibase, "clé publique en Multikey", "public key as Multikey"},

	// What none of them has.
	{"cs:SocialCode", KindClass, "", "code social", "social code"},
	{"cs:CharterVersion", KindClass, "", "version d'un code social", "version of a social code"},
	{"cs:Clause", KindClass, "", "clause", "clause"},
	{"cs:inForceFrom", KindDatatype, xsdDate, "en vigueur à partir du", "in force from"},
	{"cs:threshold", KindDatatype, xsdInteger, "nombre de signatures requises", "number of signatures required"},
}
