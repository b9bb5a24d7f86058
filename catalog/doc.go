// Package catalog keeps what the members of a community offer and what they are looking for, and lets them offer things together without stepping on
// each other.
//
// Open the catalogue of a community with [Open]. [Catalog.Write] records entries: offers, needs, opportunities, events. [Catalog.Step] takes them from draft to
// published, as the social code says, and on from there. Once published they are found ([State.Find]) and matched ([State.Matching]); [Catalog.Contact] and
// [Catalog.Deal] follow what comes of it.
//
//	offer := catalog.Entry{
//		ID: catalog.NameEntry("https://la-trame.example/catalogue/", "Menuiserie sur mesure", id), Kind: catalog.Offer, Holder: atelier,
//		Title:  codesocial.Text{"fr": "Menuiserie sur mesure", "en": "Made-to-measure joinery"},
//		Skills: []catalog.Tag{{Label: "menuiserie"}}, Visibility: catalog.Public,
//	}
//	err := offers.Write(ctx, atelier, today, offer)
//	err = offers.Step(ctx, catalog.Step{By: atelier, Entry: offer.ID, Move: catalog.Propose, On: today})
//
// # Rules
//
// All rules come from the social code (package codesocial): how an entry is published ("catalog.publication"), when a collective offer may compete with a member's
// own ("catalog.competition"), what a split may look like ("catalog.split"), until when a deal can be contested ("catalog.deals"; without this one, as long as it is
// not confirmed, and by the clause under which entries are published). Without the rule nothing that needs it can be done. What rests on a rule names
// the clause and the version.
//
// # The life of an entry
//
// The moves are made by the holder (or who belongs to it), by a checker (a member who does not), or follow from a deal or a day. A new text is a new proposal:
//
//	draft       revise    holder        → draft
//	draft       propose   holder        → checked     the charter asks for no check
//	draft       propose   holder        → proposed
//	draft       withdraw  holder        → withdrawn
//	proposed    revise    holder        → draft
//	proposed    check     checker       → checked     enough have checked
//	proposed    check     checker       → proposed
//	proposed    return    checker       → draft
//	proposed    withdraw  holder        → withdrawn
//	checked     revise    holder        → draft
//	checked     publish   holder        → published
//	checked     withdraw  holder        → withdrawn
//	published   revise    holder        → draft
//	published   pause     holder        → paused
//	published   renew     holder        → published
//	published   fulfil    holder        → fulfilled
//	published   withdraw  holder        → withdrawn
//	published   fill      deal          → reserved
//	published   expire    day           → expired
//	published   suspend   day           → suspended
//	published   leave     day           → withdrawn
//	paused      revise    holder        → draft
//	paused      resume    holder        → published
//	paused      renew     holder        → paused
//	paused      fulfil    holder        → fulfilled
//	paused      withdraw  holder        → withdrawn
//	paused      fill      deal          → reserved
//	paused      expire    day           → expired
//	paused      suspend   day           → suspended
//	paused      leave     day           → withdrawn
//	reserved    renew     holder        → reserved
//	reserved    fulfil    holder        → fulfilled
//	reserved    free      deal          → published
//	reserved    expire    day           → expired
//	reserved    suspend   day           → suspended
//	reserved    leave     day           → withdrawn
//	fulfilled   withdraw  holder        → withdrawn
//	expired     revise    holder        → draft
//	expired     renew     holder        → published
//	expired     fulfil    holder        → fulfilled
//	expired     withdraw  holder        → withdrawn
//	expired     suspend   day           → suspended
//	expired     leave     day           → withdrawn
//	suspended   lift      day           → published   as it was
//	suspended   withdraw  holder        → withdrawn
//
// # Collective offers
//
// A collective offer is made by at least two member organizations, and carries a [Split] of what it earns that adds up to exactly one. It can be proposed when each
// partner has signed its consent to just this text ([ConsentDraft], [Catalog.Consent]). When a deal is cashed, the split on which it was agreed is recorded as
// the rule by which the project that was paid distributes ([SplitRecord]); the books follow it from that day on. So the project must be one whose lead and partners
// all have a part in the offer. A deal stays with the partners who agreed on it, whoever is written out of the offer later.
//
// # Not against a member
//
// When a collective offer is proposed, the published offers of members that overlap with it and are similar enough are recorded with the evidence
// ([Screening]), and their holders are asked. Each clears it, asks to join, or objects ([Catalog.Answer]) until the last day that the charter gives; after that,
// silence clears. Who asks to join has as many days again to sign as a partner, or to object after all; then the request lapses, and holds nothing back any more. As long as one is asked, wants to join or objects, the offer is not published, and the error says who holds it back and why ([HeldBack]). A
// decision of the community overrides ([Catalog.Override]). When either side changes, it is asked again. What a member publishes later does not take down a
// collective offer: an objection opens a tension then. A similarity only suggests; people decide.
//
// # Deals
//
// The moves are made by the side that offers, by the client, or by either. What needs both sides happens when the second makes the move:
//
//	contacted   negotiate either side   → negotiating
//	contacted   drop      either side   → dropped
//	negotiating negotiate either side   → negotiating
//	negotiating agree     either side   → agreed      the other side has too
//	negotiating agree     either side   → negotiating
//	negotiating drop      either side   → dropped
//	agreed      deliver   offering side → delivered
//	agreed      cash      offering side → agreed
//	agreed      contest   either side   → disputed
//	agreed      drop      either side   → dropped     the other side has too
//	agreed      drop      either side   → agreed
//	delivered   confirm   client        → confirmed
//	delivered   cash      offering side → delivered
//	delivered   contest   either side   → disputed
//	confirmed   cash      offering side → confirmed
//	disputed    confirm   client        → confirmed
//	disputed    drop      either side   → dropped     the other side has too
//	disputed    drop      either side   → disputed
//
// Both sides agree to the texts as they read: when the offer or the need is revised before both have agreed, both agree anew. Agreed quantities are promised, and never
// exceed the capacity of the offer or of the need: an offer all of which is promised is reserved, and fulfilled when all deals are finished. Only a deal that names a receipt of the books has been cashed, and only such a deal pays its introducer, who was named at the first contact. A
// contest records a dispute under the clause on deals, which package mediation lists until a tension is raised.
//
// # Consistency
//
// The catalogue is a fold of the journal. Membership and rules are asked when something is recorded, and what they said stands in the record; what the entries and deals
// do not allow is refused by the fold itself. What follows from a day is computed and never recorded: that an entry has expired, or is suspended with its holder. Days are
// civil days in the time zone of the charter. The index is kept in step, and is what a rebuild from the records gives.
//
// [Open] begins with the snapshot of the catalogue that the last journal.Journal.SaveSnapshot has kept, if the journal has any, and reads what was recorded since; the
// index is made of the entries again. See package codesocial.
//
// # Text
//
// Titles and descriptions are plain text. Markup in them is kept as it stands; whoever shows it escapes it, as the feeds here do.
//
// # Saved searches
//
// [Catalog.SaveSearch] keeps a query of a member, and each [Catalog.Digest] of it tells only what none before has told. Both stand in the record, and not in notes of the
// program: else whoever lost the notes, or asked from a second program, would tell everything again. But what somebody looks for is hers alone. So the query is
// sealed for her ([Sealer]), and what has been told is recorded as marks that only the key in the sealed query makes. From the journal anybody can see that a
// member has saved a search, when, and how many entries each digest has told; not what she looks for, nor what she was told. A digest is recorded before it is
// handed out: when the program stops in between, its entries are not told again, and are found as ever by asking [Catalog.Query] and [State.Find]. [Catalog.EndSearch]
// ends a search; the payloads of its records can be erased then.
//
// # Erasure
//
// [Catalog.Erase] carries out a person's request that what she wrote be erased: one call withdraws the entry and takes all its texts out of the journal. Its IRI
// stays, so that the deals about it can still be followed. What several have agreed on is kept: collective offers, consents, deals. The evidence of a screening shows
// only words and tags that the text of the collective offer has as well.
//
// # Errors
//
// Every error names the record, the field and the value and wraps one of the sentinels Err…, or an error of codesocial or journal. Where a rule of the charter
// refused, it is a *codesocial.RuleError with the clause. After an error nothing has been recorded. Limits are the constants Max….
//
// # Concurrency
//
// A [Catalog] may be used by several goroutines at once. A [State] stands still only inside [Catalog.Read].
package catalog
