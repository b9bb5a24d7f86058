// Package codesocial keeps the rules of the game of a community: its social code, who agreed to it, and who
// is a member under it.
//
// A social code (the [Charter]) is a document of clauses in the members' languages. A clause may carry a rule:
// parameters that a program carries out. The document is strict JSON; [ParseCharter] reads it, and its hash names
// exactly that text for ever. A community opens a journal, registers its parties, proposes a version, and
// adopts it with the signatures of its founders; from the first day of that version, members can be admitted, and
// whoever acts under a rule asks for it:
//
//	var rule codesocial.AdmissionRule
//	clause, err := state.Rule(codesocial.AdmissionKind, at, &rule)
//
// The answer names the clause and the version. It goes on the record of the act, so that years later anyone
// can say which rule applied, on which day, and who had agreed to it.
//
// # What has effect, and when
//
// A version that is drafted or proposed has no effect at all. A version is adopted when enough founders
// of the version in force have signed its hash ([VerifyAdoption]); version 1 is signed by its own
// founders. Each version names the hash of the one before it. From its first day on, in its own time zone, it
// replaces the version before; at every instant at most one version is in force ([State.InForce]). It cannot be
// adopted after its first day, nor without the notice that the rule "codesocial.amendment" of the version in
// force asks for: nothing is retroactive, and what an earlier version decided keeps that version's
// reference. [State.Status] says where a version stands on
// a day:
//
//	draft                            propose                anyone                   → proposed
//	proposed                         open a decision        member                   → in-decision
//	in-decision                      close the decision     electors                 → proposed
//	proposed, in-decision            adopt                  founders, or a decision  → adopted | in-force | under-review
//	proposed, in-decision            adopt another          founders, or a decision  → outdated
//	adopted                          first day              calendar                 → in-force | under-review
//	in-force                         review opens           calendar                 → under-review
//	in-force                         call the review        members                  → in-force | under-review
//	in-force, under-review           renew                  founders, or a decision  → in-force | under-review
//	in-force, under-review           successor's first day  calendar                 → superseded
//	in-force, under-review           repeal                 founders, or a decision  → repealed
//	adopted, in-force, under-review  project ends           project                  → expired
//
// A review opens by itself, or earlier where as many members call for it as the rule "codesocial.review" says ([Community.CallReview]); a version whose
// review is overdue is in sight ([Version.Overdue]) and stays in force. How a version is adopted, renewed ([Community.Renew])
// or repealed ([Community.Repeal]), by signatures or by decision, the rule "codesocial.amendment" of the version in force says; no other
// way is accepted.
//
// A party is a member from the day of its admission: it accepts the version in force, by its signature if it
// has a key, and members stand for it as the rule "codesocial.admission" asks. Founders are members by the adoption of
// version 1. Days are counted in the time zone of the version that a member accepted.
//
// [State.Opposable] answers whether a clause could be held against a party on a day, and why: the version in force
// then has it, it was adopted and readable before, and the party accepted it, or was a member all through the
// notice that the rule "codesocial.amendment" asks for and did not object.
//
// Papers that were signed on one day may be recorded some days later; what others lose by it counts from the recording: a notice, a probation, the time to answer, an objection, leaving. The steps
// of a decision are recorded when they are taken ([MaxDelay]).
//
// # Membership
//
// Persons, organizations, collectives and projects go the same way. Who may be admitted in one step ([Community.Admit]) or after
// a probation ([Community.Step]), the rule "codesocial.admission" says; an application ends under the rule under which it began.
// [State.StatusOn] says where a party stands on a day, [State.MemberOn] whether it has the rights of a member. What takes it from one status
// to the next:
//
//	prospect, resigned, excluded            admit       party, sponsors   → member
//	prospect, resigned, excluded            apply       party             → applied
//	applied                                 sponsor     member            → applied | sponsored
//	sponsored                               sponsor     member            → sponsored
//	applied, sponsored                      welcome     member            → probation
//	applied, sponsored, probation           confirm     member            → member
//	applied, sponsored, probation           decline     member            → prospect
//	applied, sponsored                      withdraw    party             → prospect
//	member                                  take-leave  party             → on-leave
//	on-leave                                return      party             → member
//	probation, member, on-leave, suspended  resign      party             → resigned
//	probation, member, on-leave, suspended  suspend     measure, guarded  → suspended
//	probation, member, on-leave, suspended  exclude     measure, guarded  → excluded
//	suspended                               lift        measure, guarded  → probation | member | on-leave
//	excluded                                lift        measure, guarded  → probation | member | on-leave | suspended
//
// A measure is laid above what a party did itself: when it ends, the status is what it was. This package imposes none; [Guarded] says who
// vouches for them.
//
// # Roles
//
// The rule "codesocial.roles" lists roles and circles: who holds a role is named by the text itself, as authors are, or chosen by a decision for a term
// ([Community.Mandate]). [State.Holds] and [State.HasRight] say what that means on a day; an expired mandate has no effect. Those with the right "consulted" are asked
// before a version is adopted ([Community.Consult]), and stand in nobody's way. Where the rule "codesocial.recovery" says so, members vouch for the new key of somebody
// who lost theirs ([Community.Recover]).
//
// # Projects
//
// A project is a party whose partners are of one or several organizations. The rule "codesocial.incubation" says how the community helps it to stand: through which
// stages, what must be shown at each gate, and how much is done together before it graduates ([Community.Incubate]). What takes it from one status
// to the next:
//
//	not-submitted, declined, stopped           submit    party                     → submitted
//	submitted                                  screen    member outside            → screened
//	submitted, screened                        decline   member outside            → declined
//	screened                                   begin     member outside            → incubating
//	incubating                                 pass      member outside            → incubating
//	extended                                   pass      member outside            → extended
//	incubating, extended                       extend    member outside            → extended
//	incubating, extended                       graduate  member outside            → graduated
//	incubating, extended                       merge     member outside            → merged
//	incubating, extended, graduated            spin-out  party                     → spun-out
//	submitted, screened, incubating, extended  stop      party, or member outside  → stopped
//
// A project that ends is wound down ([Community.WindDown]): creditors first, then what it made is free for others. What other packages know of debts they say as a [WindDownCheck].
//
//	running       begin    party, or member    → winding-down
//	winding-down  claim    creditor, or party  → winding-down
//	winding-down  pay      creditor            → winding-down
//	winding-down  clear    party, or member    → cleared
//	cleared       release  party, or member    → released
//	released      release  party, or member    → released
//	released      close    party, or member    → closed
//
// Where the rule "codesocial.project" says so, a project has a charter of its own, derived from the common one ([State.DeriveProject]) and recorded beside it: it lives by the
// same table as the common one, proposed, adopted by its partners, reviewed, renewed, repealed, and expires with its project. It repeats the clauses that bind all, and may
// add to them ([ProjectRule]). [State.ProjectInForce] is what applies within the project, [State.OpposableIn] whom it binds. When the common charter changes, that of a project
// stays, and [State.Behind] shows clause by clause what has parted.
//
// # Who may read, and why it is so
//
// Members read everything, unless the rule "codesocial.transparency" says otherwise and why ([State.MayRead]). [State.Explain] says of any record who made it, under which
// clause, and by which decision.
//
// # Decisions
//
// The rule "codesocial.decision" says for kinds of matters how they are decided: by consent, by vote, by election (package
// decision has the procedures). [Community.Decide] opens a decision on a [Matter]: the version in force is pinned, the
// electorate frozen and hashed, and nobody decides on their own case. Electors vote ([Community.Vote]) or act
// ([Community.Act]), each under their own signature; [Community.Close] records what follows from it. [State.Adopted] answers which
// decision adopted just this matter; the adoption of a version asks for one where the version before it says so.
// [State.DecisionPage] writes for members what was decided, by whom, how, and until when. No step is dated after its recording, by
// more than the minute by which clocks may differ, and time never runs backwards within a decision. Where a decision stands
// ([State.DecisionStatus]), and what takes it further:
//
//	announced             time      clock                                        → discussed | issuing | voted
//	announced, discussed  withdraw  proposer                                     → ended
//	discussed             act       as the procedure says                        → discussed | voted | ended
//	issuing               ask       elector                                      → issuing
//	issuing               issue     ballot office                                → issuing
//	issuing               time      clock                                        → voted | ended
//	voted                 ballot    elector                                      → voted
//	voted                 time      clock                                        → unsealing | ended
//	unsealing             ballot    elector                                      → unsealing | ended
//	unsealing             time      clock                                        → ended
//	voted                 close     anyone, if no ballot can change the outcome  → recorded
//	ended                 close     anyone                                       → recorded
//
// Ballots can be sealed until the closing ([SealBallot]) or secret for ever ([SecretBallot]), or both; each says what it protects and what not. For secret ones, electors get
// a credential each ([Community.AskCredential], [Community.IssueCredential]) before anyone casts a ballot without a name ([Community.Cast]); package secretballot makes what it takes.
// Voices can be passed on ([Community.Delegate]). A tie can be for a role to decide: its holder has the casting vote ([CastingVote]). Members
// are called to gatherings ([Community.Convene]), whose minutes are kept by hash ([Community.Minute]); attendance counts as a
// contribution where the rule "codesocial.attendance" says so ([State.AttendanceCredits]). [State.Calendar] is what they subscribe to.
//
// # Writing and comparing versions
//
// People edit a version as Markdown ([ParseMarkdown], [Charter.Markdown]), programs as JSON, without loss.
// [Diff] says what changes in meaning from one version to the next, [Charter.Lint] what its authors
// should look at before anyone signs. A clause may have a [Target] in figures, and say an [Intention] with the actions that carry it out.
//
// Others may take the text and make it their own ([Charter.Derive]): their charter names its origin, and takes nobody with it. What they made better
// comes back clause by clause ([NewMerge]), as a proposal like any other.
//
// # Rules of other packages
//
// This package knows no rule but its own. [Charter.Rule] decodes strictly into the struct of the package
// that owns the kind; kinds that no one knows are kept, and [Charter.Kinds] reports them. A package offers
// a [RuleCheck] for what it owns, and a community opened with it refuses a version with parameters that
// make no sense before anyone signs it.
//
// # Consistency
//
// What happened is in the journal; [State] is what follows from it, a pure fold. [Community] is the thin
// shell around both: it decides on the state as it stands, and records all of an act or nothing. Acts are
// recorded under ids made from what identifies them, so repeating one after a crash records it once. What
// the rules do not allow is refused by the fold itself, however it came into the journal. A name stands
// in the payload of its registration (a founder's in the charter too) and can be erased there: IRI, keys and memberships stay.
//
// # Opening quickly
//
// Opening a community reads its whole history, unless the journal was opened with journal.Options.Snapshots: [Open] then begins with the [State] that the last
// journal.Journal.SaveSnapshot has kept, and reads what was recorded since. Call SaveSnapshot before the program ends, and now and then in a long run, as after every ten
// thousand records; nothing else is needed, and nothing is lost without it. The snapshot holds what the guard knows as well. A snapshot that cannot be used, since it is damaged, or from a
// version of the program whose State had other fields, is ignored with a warning in the journal's log.
//
// # Errors
//
// Every error wraps one of the sentinels Err… and names the field and its value; where a rule refused, it is
// a *[RuleError] that names the clause. Nothing is recorded then. Limits are the constants Max….
//
// # Concurrency
//
// A Community and a Charter may be used by many goroutines. A State is read only where it stands still: see there.
package codesocial
