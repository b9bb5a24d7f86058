// Package mediation settles tensions between the members of a community: by dialogue, by mediation, by graduated measures and, as the
// last guarded step, by parting with somebody who does not play the game.
//
// # You feel a tension. What can you do, today?
//
// Say so. Any member can report a gap between what is and what should be, alone or with others, about a person, an organization or a
// project: what happened, what it did to you, what you need, what would help ([Words]). You need no proof, no permission and no money.
//
//	id, err := office.Raise(ctx, mediation.Tension{By: you, At: now, Respondents: []string{them}},
//		mediation.Words{Fact: "…", Effect: "…", Need: "…", Request: "…"})
//
// Only the other side and the few who sit in the bodies that deal with tensions can read it, later the mediator too. Within 24 hours
// somebody answers; within days it is clear what it is about, and you are asked how you want to go on:
//
//   - Talk with each other. When both sides say that it is settled, it is.
//   - Ask for a mediator, at any time. Both sides must agree; the mediator is drawn, belongs to neither side, never judges, and
//     is replaced if you do not trust her. What is said there stays there. You may leave at any moment, without a reason.
//   - If that fails, ask for a restorative circle, where the charter has one, or for the collegial review, which can take a measure: from
//     a reminder to an exclusion, each with a hearing before and an appeal after.
//   - Take it back at any time before that.
//
// If somebody is in danger, say so: the reception can keep people apart at once, for a time, without judging anybody. And if somebody
// has reported you: you are told, you may refuse mediation without giving a reason, nothing is decided about you before you have seen the
// grievances in writing and had days to answer, with somebody of your choice at your side, and nothing takes effect before you could appeal.
// [Cases.Next] says for every case what can be done next, by whom, and until when.
//
// # For those who run it
//
// Open the community with the guard, then the office:
//
//	community, err := codesocial.Open(ctx, j, mediation.Guard(), mediation.Checks())
//	office, err := mediation.Open(ctx, community, &mediation.Options{Sealer: sealer, Ties: graph})
//
// [Office.Raise] opens a case, [Office.Act] records each step, [Office.Draw] draws a mediator, [Office.Write] and [Office.Text] seal and open
// what is said. Run [Office.Clocks] at least once a day, and [Office.Forget] after it. [Cases.File] writes the file of a case, in French and
// English.
//
// # The path
//
// What can happen at which stage, who triggers it, and where it leads; what is not here is refused. (each) waits for every party, (majority)
// for more than half of the seats that can act. [Table] has the same with what the parties are told and the papers that each event
// takes.
//
//	reported      acknowledge  officer                                → acknowledged
//	reported      join         member                                 → reported
//	reported      lapse        clock                                  → reported
//	reported      withdraw     reporter (each)                        → closed
//	reported      merge        officer                                → closed
//	acknowledged  triage       officer                                → triaged
//	acknowledged  join         member                                 → acknowledged
//	acknowledged  dismiss      officer                                → dismissed
//	acknowledged  lapse        clock                                  → acknowledged
//	acknowledged  withdraw     reporter (each)                        → closed
//	acknowledged  merge        officer                                → closed
//	triaged       dismiss      officer                                → dismissed
//	triaged       talk         officer, reporter, respondent          → dialogue
//	triaged       mediate      officer, reporter, respondent          → consenting
//	triaged       bypass       reviewer                               → review
//	triaged       lapse        clock                                  → triaged
//	triaged       withdraw     reporter (each)                        → closed
//	triaged       merge        officer                                → closed
//	dismissed     contest      reporter                               → review
//	dismissed     lapse        clock                                  → closed
//	dialogue      mediate      officer, reporter, respondent          → consenting
//	dialogue      settle       reporter, respondent (each)            → follow-up
//	dialogue      lapse        clock                                  → consenting
//	dialogue      withdraw     reporter (each)                        → closed
//	consenting    consent      reporter, respondent (each)            → choosing
//	consenting    decline      respondent                             → failed
//	consenting    lapse        clock                                  → interrupted | choosing
//	consenting    withdraw     reporter (each)                        → closed
//	choosing      propose      officer                                → proposed
//	choosing      leave        reporter, respondent                   → interrupted
//	choosing      lapse        clock                                  → choosing
//	choosing      withdraw     reporter (each)                        → closed
//	proposed      accept       reporter, respondent, mediator (each)  → meetings
//	proposed      challenge    reporter, respondent                   → choosing
//	proposed      recuse       mediator                               → choosing
//	proposed      replace      officer                                → choosing
//	proposed      leave        reporter, respondent                   → interrupted
//	proposed      lapse        clock                                  → choosing | meetings
//	proposed      withdraw     reporter (each)                        → closed
//	meetings      recuse       mediator                               → choosing
//	meetings      replace      officer                                → choosing
//	meetings      leave        reporter, respondent                   → interrupted
//	meetings      meet         mediator (each)                        → sessions
//	meetings      extend       reporter, respondent (each)            → meetings
//	meetings      fail         mediator                               → failed
//	meetings      lapse        clock                                  → interrupted | sessions
//	meetings      withdraw     reporter (each)                        → closed
//	sessions      recuse       mediator                               → choosing
//	sessions      replace      officer                                → choosing
//	sessions      leave        reporter, respondent                   → interrupted
//	sessions      extend       reporter, respondent (each)            → sessions
//	sessions      fail         mediator                               → failed
//	sessions      lapse        clock                                  → interrupted
//	sessions      session      mediator                               → sessions
//	sessions      agree        mediator                               → signing
//	sessions      withdraw     reporter (each)                        → closed
//	signing       recuse       mediator                               → choosing
//	signing       replace      officer                                → choosing
//	signing       leave        reporter, respondent                   → interrupted
//	signing       fail         mediator                               → failed
//	signing       rework       reporter, respondent, mediator         → sessions
//	signing       sign         reporter, respondent (each)            → follow-up
//	signing       lapse        clock                                  → failed
//	signing       withdraw     reporter (each)                        → closed
//	follow-up     confirm      reporter, respondent (each)            → follow-up | closed
//	follow-up     breach       reporter, respondent                   → failed
//	follow-up     lapse        clock                                  → follow-up | closed
//	failed        retry        reporter, respondent                   → consenting
//	failed        circle       reporter, respondent                   → consenting
//	failed        escalate     reporter, officer                      → review
//	failed        drop         reporter (each)                        → closed
//	failed        lapse        clock                                  → review | closed
//	failed        incident     reporter, respondent, officer          → failed
//	interrupted   retry        reporter, respondent                   → consenting
//	interrupted   circle       reporter, respondent                   → consenting
//	interrupted   escalate     reporter, officer                      → review
//	interrupted   drop         reporter (each)                        → closed
//	interrupted   lapse        clock                                  → review | closed
//	interrupted   incident     reporter, respondent, officer          → interrupted
//	review        incident     reporter, respondent, officer          → review
//	review        find         reviewer                               → review
//	review        grave        reviewer                               → review
//	review        notify       reviewer                               → notified
//	review        return       reviewer                               → triaged
//	review        clear        reviewer (majority)                    → closed | monitoring
//	review        lapse        clock                                  → review
//	notified      notify       reviewer                               → notified
//	notified      answer       respondent                             → notified
//	notified      hear         reviewer                               → heard
//	notified      absent       reviewer                               → heard
//	notified      lapse        clock                                  → notified
//	heard         clear        reviewer (majority)                    → closed | monitoring
//	heard         pronounce    reviewer (majority)                    → pronounced
//	heard         lapse        clock                                  → heard
//	pronounced    inform       reviewer                               → informed
//	pronounced    lapse        clock                                  → pronounced
//	informed      appeal       respondent                             → appealed
//	informed      lapse        clock                                  → final
//	appealed      admit        judge                                  → admitted
//	appealed      reject       judge (majority)                       → final | monitoring | excluded | closed
//	appealed      lapse        clock                                  → appealed
//	admitted      deny         judge (majority)                       → final | monitoring | excluded | closed
//	admitted      uphold       judge (majority)                       → closed
//	admitted      mitigate     judge (majority)                       → final
//	admitted      remand       judge (majority)                       → review
//	admitted      lapse        clock                                  → admitted
//	final         effect       reviewer                               → monitoring | excluded
//	final         lapse        clock                                  → final
//	monitoring    incident     reporter, respondent, officer          → monitoring
//	monitoring    appeal       respondent                             → appealed
//	monitoring    relapse      reporter, officer                      → review
//	monitoring    lift         reviewer (majority)                    → closed
//	monitoring    lapse        clock                                  → closed
//	excluded      appeal       respondent                             → appealed
//	excluded      lapse        clock                                  → closed
//	closed        appeal       respondent                             → appealed
//	closed        rate         reporter, respondent                   → closed
//	closed        erase        clock                                  → archived
//	any open      warn         clock                                  → the same
//	any open      protect      officer                                → the same
//	any open      account      officer                                → the same
//	any open      prolong      reviewer                               → the same
//	any open      release      reviewer, officer                      → the same
//	any open      disclose     mediator, officer, reporter, respondent → the same
//	any open      close        officer                                → closed
//
// A charter changes clocks, forms and, for events that decide nothing about anybody, who may trigger them, by rules of the kinds
// "mediation.…" ([PathRule] and its neighbours). A case runs under the version in force when it was opened, to its end.
//
// # Clocks
//
// Every stage has a deadline. Those who can act are warned before; when it passes, a record says so, and the case moves on or is
// raised: then the review does the work of the reception. A member who joined a report and says nothing holds up nobody: when the time is
// over, the case goes on without waiting for her. Acts dated after a deadline are refused until its passing is on record.
// Deadlines in days are over at the end of the last day in the time zone of the charter. No act is dated after its recording, nor more than
// an hour ([MaxDelay]) before: notice is given when it is on record, whatever date somebody writes. An office that enters today what came by
// letter yesterday dates the act of today, and leaves the date of the letter where it stands, in the paper.
//
// # Exclusion
//
// [Cases.CanExclude] lists what is missing for an exclusion, each [Requirement] with how to meet it. The event [Effect] asks for all of
// them; only then does [Cases.Allow] vouch for the measure, and package codesocial takes no measure for which its guard does not vouch. There
// is no other way.
//
// # Conflicts of interest
//
// Nobody acts in a case as officer, mediator, reviewer or judge who is a party, speaks for one, or is tied to one ([TieKind]) by what the
// journal says: organizations, collectives, projects, sponsors, other cases. A case that a party brings against those who sit, once its own
// is open, does not take them out of their seats. When a mediator is drawn, common work and money count as well ([Ties]). The draw is on
// record with the reason why each other was set aside; anyone can draw again.
//
// # Confidence
//
// Acts hold no words; papers do, sealed for those who may read them ([Sealer]). That a case exists, where it stands and its clocks are
// seen as the charter says, under a code name. What is said in mediation ([PaperKind.Confidential]) is in no file and no export, and
// is erased at the end of its retention, while the chain of proofs stays whole. Documents that existed before are not confidential.
// The two exceptions of article 1528-3 of the French code of civil procedure are acts of their own ([Disclose]). Who was recused loses
// access through this library at once; what was sealed for her before, and what she copied, no library can take back. A paper is sealed for those
// who may read it when it is written: who comes later can open it once somebody has written it again ([Office.Reseal]).
//
// Articles of law are quoted as facts. Nothing here is legal advice.
//
// # Consistency
//
// [Cases] are a fold of the journal, in step with codesocial's State as its guard. What the table and the guards do not allow is refused by
// the fold itself, however it came into the journal. Money and work ties alone are not looked up again on replay: what they showed
// stands on the record of the draw, and that a majority was reached on the act of the last voice: somebody whose record of party is erased, as is her
// right, is not tied to anybody any more, and what was checked before stands. A snapshot of the State, see package codesocial, holds the cases as well, and no words, as they hold none.
//
// # Errors
//
// Every error names the case, the field and the value, and wraps one of the sentinels Err…; where a rule of the charter refused, it is a
// *codesocial.RuleError with the clause. Nothing is recorded then. No error shows what was said in confidence.
//
// # Concurrency
//
// An [Office] may be used by many goroutines. [Cases] stand still only inside [Office.Read].
package mediation
