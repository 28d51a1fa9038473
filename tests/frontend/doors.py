"""Every address with its answer to everyone: the table, and the rows that its addresses are about.

A line is: the view's name; what it is about (World in test_doors.py makes it; - for nothing); the answers to GET; those
to POST. An answer is one letter for each of ROLES, in their order:

    .  shows the page (200)          S  sends to sign in          >  sends elsewhere: it is done, or there is nothing
    F  forbidden (403)               N  not found (404)           M  does nothing by this method (405)
    U  asks to show who one is (401: the API, where there is nobody to send to a page)

and for programs, whose POST is an empty JSON object:

    U  not signed in (401)           B  something is missing (400)          C  refused for now (409)

POST comes with an empty form, so . after POST means that the form is shown again and nothing was done. Each answer is
asked for on its own: what one role changes, the next does not find.

Ours: booked by the practitioner, whose line manager, agency lead and trainer are the ones in ROLES. Theirs: none of
these has to do with it; it is public where it is an event.
"""

from tests.frontend.doors_beside import BESIDE

ROLES = (
    "anonymous",
    "practitioner",
    "line manager",
    "agency lead",
    "trainer",
    "coordinator",
    "finance officer",
    "sub-group member",
    "concerns",
    "administrator",
)

# The heads are the first letters of ROLES, X for concerns.
OURS = """
# home                                              APMLTCFSXA  APMLTCFSXA
home                                -               S.........  SMMMMMMMMM
who_are_you                         -               S>>>>>>>>>  S>>>>>>>>>
sign_out_everywhere                 -               SMMMMMMMMM  SSSSSSSSSS

# joining                                           APMLTCFSXA  APMLTCFSXA
joining:join                        -               S....FFFFF  S....FFFFF
joining:invited                     invited         .NNNNNNNNN  SNNNNNNNNN
joining:invited                     wrong-invited   NNNNNNNNNN  NNNNNNNNNN
joining:requests                    -               SFFFF.FFF.  SMMMMMMMMM
joining:decide                      joining         SFFFF.FFF.  SFFFF.FFF.
joining:decide                      no-joining      SFFFFNFFFN  SFFFFNFFFN
joining:invitations                 -               SFF.F.FFF.  SMMMMMMMMM
joining:invite                      -               SFF.F.FFF.  SFF.F.FFF.
joining:send_again                  invitation      SMMMMMMMMM  SNN>N>NNN>
joining:send_again                  their-invite    SMMMMMMMMM  SNNNN>NNN>
joining:withdraw                    invitation      SMMMMMMMMM  SNN>N>NNN>
joining:withdraw                    their-invite    SMMMMMMMMM  SNNNN>NNN>

# programme                                         APMLTCFSXA  APMLTCFSXA
programme:list                      -               S.........  SMMMMMMMMM
programme:download                  -               S.........  SMMMMMMMMM
planning:new                        -               SFFFF.FFFF  SFFFF.FFFF
planning:move_day                   -               SFFFF.FFFF  SFFFF.FFFF
planning:change                     event           SFFFF.FFFF  SFFFF.FFFF
planning:change                     draft           SNNNN.NFNN  SNNNN.NFNN
planning:copy                       event           SFFFF.FFFF  SFFFF.FFFF
planning:copy                       draft           SNNNN.NFNN  SNNNN.NFNN

# finding                                           APMLTCFSXA  APMLTCFSXA
finding:list                        -               ..........  MMMMMMMMMM
finding:course                      catalogued      ..........  MMMMMMMMMM
finding:course                      not-catalogued  NNNNNNNNNN  MMMMMMMMMM
finding:tell_me                     catalogued      SMMMMMMMMM  S>>>>>>>>>
finding:tell_me                     not-catalogued  SMMMMMMMMM  SNNNNNNNNN
finding:do_not_tell_me              catalogued      SMMMMMMMMM  S>>>>>>>>>
finding:do_not_tell_me              not-catalogued  SMMMMMMMMM  SNNNNNNNNN
finding:added_to_messages           catalogued      SFFFF.FFFF  SFFFF>FFFF
finding:added_to_messages           not-catalogued  SNNNNNNNNN  SNNNNNNNNN

# imports                                           APMLTCFSXA  APMLTCFSXA
imports:list                        -               SFFFF.FFFF  SMMMMMMMMM
imports:upload                      -               SFFFF.FFFF  SFFFF.FFFF
imports:import                      import          SFFFF.FFFF  SMMMMMMMMM
imports:import                      no-import       SFFFFNFFFF  SMMMMMMMMM
imports:problems                    import          SFFFF.FFFF  SMMMMMMMMM
imports:problems                    no-import       SFFFFNFFFF  SMMMMMMMMM
imports:accept                      import          SFFFF.FFFF  SFFFF>FFFF
imports:accept                      no-import       SFFFFNFFFF  SFFFFNFFFF
imports:check                       import          SMMMMMMMMM  SFFFF>FFFF
imports:check                       no-import       SMMMMMMMMM  SFFFFNFFFF
imports:discard                     import          SFFFF.FFFF  SFFFF>FFFF
imports:discard                     no-import       SFFFFNFFFF  SFFFFNFFFF

# events                                            APMLTCFSXA  APMLTCFSXA
events:event                        event           S.........  SMMMMMMMMM
events:event                        in-house        SNNNN.N.NN  SMMMMMMMMM
events:event                        draft           SNNNN.N.NN  SMMMMMMMMM
events:book                         event           S>........  S>>.>.>>>>
events:book                         bookable        S.........  S>>.>.>>>>
events:book                         in-house        SNNNN.N.NN  SNNNN.N>NN
events:book                         draft           SNNNN.N.NN  SNNNN.N.NN
events:book_step                    step            S.........  S.........
events:book_step                    no-step         SNNNNNNNNN  SNNNNNNNNN
events:needs                        event           SFFFF.FFFF  SMMMMMMMMM
events:needs                        soon            SFFF..FFFF  SMMMMMMMMM
events:needs                        in-house        SNNNN.NFNN  SMMMMMMMMM
events:joining                      event           SFFFF.FFFF  SFFFF>FFFF
events:joining                      draft           SNNNN.NFNN  SNNNN>NFNN
events:message                      event           SFFFF.FFFF  SFFFF.FFFF
events:message                      draft           SNNNN.NFNN  SNNNN.NFNN
events:announced                    announced       SFFFF.FFFF  SMMMMMMMMM
events:announced                    no-announced    SFFFFNFFFF  SMMMMMMMMM
events:publish                      event           SFFFF>FFFF  SFFFF>FFFF
events:publish                      draft           SNNNN.NFNN  SNNNN>NFNN
events:date                         event           SFFFF.FFFF  SFFFF.FFFF
events:date                         draft           SNNNN.NFNN  SNNNN.NFNN
events:cancel                       event           SFFFF.FFFF  SFFFF.FFFF
events:cancel                       draft           SNNNN.NFNN  SNNNN.NFNN
events:cancel_now                   event           SMMMMMMMMM  SFFFF>FFFF
events:do_not_cancel                event           SMMMMMMMMM  SFFFF>FFFF
events:do_not_cancel                draft           SMMMMMMMMM  SNNNN>NFNN
events:trainers                     event           SFFFF.FFFF  SFFFFNFFFF
events:trainers                     draft           SNNNN.NFNN  SNNNNNNFNN
events:materials                    event           SFFF..FFFF  SFFFF.FFFF
events:materials                    draft           SNNNN.NFNN  SNNNN.NFNN
events:workshops                    event           SFFFF.FFFF  SMMMMMMMMM
events:workshops                    draft           SNNNN.NFNN  SMMMMMMMMM
events:workshop_numbers             event           SFFFF.FFFF  SMMMMMMMMM
events:add_workshop                 event           SFFFF.FFFF  SFFFF.FFFF
events:change_workshop              workshop        SFFFF.FFFF  SFFFF.FFFF
events:workshop_out                 workshop        SMMMMMMMMM  SFFFF>FFFF
events:workshop_places              workshop        SFFFF.FFFF  SFFFF.FFFF
events:workshop_places              no-hold         SFFFFNFFFF  SFFFFNFFFF
events:badges                       event           SFFFF.FFFF  SMMMMMMMMM
events:badges_pdf                   event           SFFFF.FFFF  SMMMMMMMMM
events:break_off                    begun           SFFFF.FFFF  SFFFF.FFFF
events:break_off                    draft           SNNNN>NFNN  SNNNN>NFNN
events:places                       event           SFFFF.FFFF  SMMMMMMMMM
events:places                       draft           SNNNN.NFNN  SMMMMMMMMM
events:change_places                event           SFFFF.FFFF  SFFFF.FFFF
events:cap                          event           SFFFF.FFFF  SFFFF>FFFF
events:keep                         event           SFFFF.FFFF  SFFFF.FFFF
events:put_back                     event           SMMMMMMMMM  SFFFF>FFFF
events:change_hold                  hold            SFFFF.FFFF  SFFFF.FFFF
events:change_hold                  no-hold         SFFFFNFFFF  SFFFFNFFFF
events:stop_keeping                 hold            SMMMMMMMMM  SFFFF>FFFF
events:stop_keeping                 no-hold         SMMMMMMMMM  SFFFFNFFFF
events:let_go                       reservation     SFFFF.FFFF  SFFFF>FFFF
events:let_go                       no-hold         SFFFFNFFFF  SFFFFNFFFF

# bookings of an agency's people, or of one's staff APMLTCFSXA  APMLTCFSXA
agency_bookings:book_several        event           SF..F.FFFF  SF..F.FFFF
agency_bookings:book_several        in-house        SNNNN.NFNN  SNNNN.NFNN
agency_bookings:book_several        draft           SNNNN.NFNN  SNNNN.NFNN
agency_bookings:reserve             event           SFF.F.FFFF  SFF.F.FFFF
agency_bookings:reserve             in-house        SNNNN.NFNN  SNNNN.NFNN
agency_bookings:name_place          reserved        SFF.F.FFFF  SFF.F.FFFF
agency_bookings:name_place          their-reserved  SFFNF.FFFF  SFFNF.FFFF
agency_bookings:let_go              reserved        SFF.F.FFFF  SFF>F>FFFF
agency_bookings:let_go              their-reserved  SFFNF.FFFF  SFFNF>FFFF

# bookings                                          APMLTCFSXA  APMLTCFSXA
bookings:list                       -               S.........  SMMMMMMMMM
bookings:download                   -               S.........  SMMMMMMMMM
bookings:booking                    booking         S...F.NNNN  SMMMMMMMMM
bookings:booking                    waiting         S...N.NNNN  SMMMMMMMMM
bookings:booking                    their-booking   SNNNN.NNNN  SMMMMMMMMM
bookings:booking                    no-booking      SNNNNNNNNN  SMMMMMMMMM
bookings:history                    booking         S...F.NNNN  SMMMMMMMMM
bookings:history                    their-booking   SNNNN.NNNN  SMMMMMMMMM
bookings:booked                     booking         S.NNNNNNNN  SMMMMMMMMM
bookings:booked                     waiting         S.NNNNNNNN  SMMMMMMMMM
bookings:booked                     their-booking   SNNNNNNNNN  SMMMMMMMMM
bookings:workshops                  booking         S...F.NNNN  S...F.NNNN
bookings:workshops                  conference      S...N.NNNN  S...N.NNNN
bookings:workshops                  their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:needs                      booking         S.FFF.NNNN  S>FFF>NNNN
bookings:needs                      their-booking   SNNNN.NNNN  SNNNN>NNNN
bookings:cancel                     booking         S...F.NNNN  S>>>F.NNNN
bookings:cancel                     waiting         S...N.NNNN  S>>>N.NNNN
bookings:cancel                     their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:bring_back                 booking         SMMMMMMMMM  SFFFF>NNNN
bookings:bring_back                 their-booking   SMMMMMMMMM  SNNNN>NNNN
bookings:move                       booking         S...F.NNNN  S...F.NNNN
bookings:move                       their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:substitute                 booking         S...F.NNNN  S...F.NNNN
bookings:substitute                 their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:give_place                 waiting         SFFFN.NNNN  SFFFN>NNNN
bookings:give_place                 their-waiting   SNNNN.NNNN  SNNNN>NNNN
bookings:calendar                   booking         S...F.NNNN  SMMMMMMMMM
bookings:calendar                   waiting         SNNNNNNNNN  SMMMMMMMMM
bookings:calendar                   their-booking   SNNNN.NNNN  SMMMMMMMMM

# calendar                                          APMLTCFSXA  APMLTCFSXA
calendar:own                        -               S.........  SMMMMMMMMM
calendar:renew                      -               S.........  S.........
calendar:end                        -               S.........  S>>>>>>>>>
calendar:feed                       feed            ..........  MMMMMMMMMM
calendar:feed                       no-feed         NNNNNNNNNN  MMMMMMMMMM

# offers                                            APMLTCFSXA  APMLTCFSXA
offers:linked                       listed          ..........  >>>>>>>>>>
offers:linked                       offered         ..........  >>>>>>>>>>
offers:linked                       wrong-list-link NNNNNNNNNN  NNNNNNNNNN
offers:offer                        waiting         S...N.NNNN  S>>>N>NNNN
offers:offer                        booking         S...F.NNNN  S>>>F>NNNN
offers:offer                        their-booking   SNNNN.NNNN  SNNNN>NNNN

# approvals                                         APMLTCFSXA  APMLTCFSXA
approvals:linked                    to-approve      ..........  ..........
approvals:linked                    wrong-approval  NNNNNNNNNN  NNNNNNNNNN
approvals:list                      -               S.........  SMMMMMMMMM
approvals:download                  -               S.........  SMMMMMMMMM
approvals:decide                    requested       SF..N.NNNN  SF..N.NNNN
approvals:decide                    their-request   SNNNN.NNNN  SNNNN.NNNN
approvals:decide                    no-booking      SNNNNNNNNN  SNNNNNNNNN
approvals:remind                    requested       SMMMMMMMMM  S>>>N>NNNN
approvals:remind                    their-request   SMMMMMMMMM  SNNNN>NNNN
approvals:deputy                    -               S.........  S.........
approvals:end_deputy                deputy          SMMMMMMMMM  SN>NNNNNNN
approvals:end_deputy                no-booking      SMMMMMMMMM  SNNNNNNNNN

# registers                                         APMLTCFSXA  APMLTCFSXA
registers:register                  register        SFFF..FFFF  SFFF>>FFFF
registers:register                  their-register  SFFFF.FFFF  SFFFF>FFFF
registers:register                  no-register     SNNNNNNNNN  SNNNNNNNNN
registers:sign_in_sheet             event           SFFF..FFFF  SMMMMMMMMM
registers:sign_in_sheet             draft           SNNNNNNNNN  SMMMMMMMMM
registers:download                  register        SFFF..FFFF  SMMMMMMMMM
registers:download                  their-register  SFFFF.FFFF  SMMMMMMMMM
registers:download                  no-register     SNNNNNNNNN  SMMMMMMMMM
registers:marks                     register        SFFF..FFFF  SFFFBBFFFF
registers:marks                     their-register  SFFFF.FFFF  SFFFFBFFFF
registers:marks                     no-register     SNNNNNNNNN  SNNNNNNNNN
registers:check_in_screen           register        SFFF..FFFF  SMMMMMMMMM
registers:check_in_screen           their-register  SFFFF.FFFF  SMMMMMMMMM
registers:check_in                  register        ..........  ..........
registers:check_in                  no-register     ..........  ..........
registers:checked_in                -               ..........  MMMMMMMMMM
registers:worker                    -               ..........  MMMMMMMMMM
registers:mark_rest                 register        SFFF..FFFF  SFFF>>FFFF
registers:mark_rest                 their-register  SFFFF.FFFF  SFFFF>FFFF
registers:meeting_file              register        SFFF..FFFF  SFFF..FFFF
registers:meeting_file              their-register  SFFFF.FFFF  SFFFF.FFFF
registers:walk_in                   register        SFFF..FFFF  SFFF..FFFF
registers:walk_in                   their-register  SFFFF.FFFF  SFFFF.FFFF
registers:hand_in                   register        SFFF..FFFF  SFFF..FFFF
registers:hand_in                   their-register  SFFFF.FFFF  SFFFF.FFFF
registers:close                     held            SFFFF.FFFF  SFFFF>FFFF
registers:close                     their-held      SFFFF.FFFF  SFFFF>FFFF
registers:close                     draft           SNNNNNNNNN  SNNNNNNNNN
registers:reopen                    held            SFFFF.FFFF  SFFFF.FFFF
registers:reopen                    their-held      SFFFF.FFFF  SFFFF.FFFF
registers:corrections               held            SFFFF.FFFF  SFFFF>FFFF
registers:corrections               corrected       SFFFF.FFFF  SFFFF>FFFF
registers:corrections               their-held      SFFFF.FFFF  SFFFF>FFFF

# own training, details and data                    APMLTCFSXA  APMLTCFSXA
holding:my_training                 -               S.........  SMMMMMMMMM
holding:certificate                 attended        S.NNNNNNNN  S>NNNNNNNN
holding:certificate                 booking         S.NNNNNNNN  S>NNNNNNNN
holding:certificate                 their-booking   SNNNNNNNNN  SNNNNNNNNN
holding:pdf                         attended        S.NNNNNNNN  SMMMMMMMMM
holding:pdf                         booking         SNNNNNNNNN  SMMMMMMMMM
own:details                         -               S.........  SMMMMMMMMM
own:needs                           -               S.........  S>>>>>>>>>
own:change_details                  -               S.........  S.........
own:data                            -               S.........  SMMMMMMMMM
own:download                        -               S.........  SMMMMMMMMM
staff_training:list                 -               S.........  SMMMMMMMMM
staff_training:download             -               S.........  SMMMMMMMMM

# certificates                                      APMLTCFSXA  APMLTCFSXA
certificates:find                   -               ..........  MMMMMMMMMM
certificates:check                  certificate     ..........  ..........
certificates:check                  no-certificate  NNNNNNNNNN  NNNNNNNNNN

# evaluations                                       APMLTCFSXA  APMLTCFSXA
evaluations:answer                  asked           ..........  ..........
evaluations:answer                  wrong-link      NNNNNNNNNN  NNNNNNNNNN
evaluations:thanks                  -               ..........  MMMMMMMMMM
evaluations:event                   held            SFFF..F.FF  SMMMMMMMMM
evaluations:event                   their-held      SFFFF.F.FF  SMMMMMMMMM
evaluations:event                   draft           SNNNN.N.NN  SMMMMMMMMM
evaluations:latest                  -               SFFFF>F>FF  SMMMMMMMMM
evaluations:year                    year            SFFFF.F.FF  SMMMMMMMMM
evaluations:year                    no-year         SFFFFNFNFF  SMMMMMMMMM
evaluations:course                  course          SFFFF.F.FF  SMMMMMMMMM
evaluations:course                  no-course       SFFFFNFNFF  SMMMMMMMMM

# reports                                           APMLTCFSXA  APMLTCFSXA
reports:latest                      -               SFF>F>>>FF  SMMMMMMMMM
reports:utilisation                 year            SFF.F...FF  SMMMMMMMMM
reports:utilisation                 no-year         SFFNFNNNFF  SMMMMMMMMM
reports:json                        year            SFFFF.F.FF  SMMMMMMMMM
reports:csv                         year            SFFFF.F.FF  SMMMMMMMMM
reports:xlsx                        year            SFFFF.F.FF  SMMMMMMMMM
reports:pdf                         year            SFFFF.F.FF  SMMMMMMMMM
reports:rows                        figure          SFFFF.F.FF  SMMMMMMMMM
reports:rows                        no-figure       SNNNNNNNNN  SMMMMMMMMM
reports:rows_download               figure          SFFFF.F.FF  SMMMMMMMMM

# exports                                           APMLTCFSXA  APMLTCFSXA
exports:list                        -               S.........  SMMMMMMMMM
exports:make                        -               SMMMMMMMMM  S>>>>>>>>>
exports:file                        export          SNNNN.NNNN  SMMMMMMMMM
exports:fetch                       export          SNNNN.NNNN  SMMMMMMMMM

# people                                            APMLTCFSXA  APMLTCFSXA
people:list                         -               SFF.F.FFF.  SMMMMMMMMM
people:download                     -               SFF.F.FFF.  SMMMMMMMMM
people:add                          -               SFF.F.FFF.  SFF.F.FFF.
people:person                       person          SFF.F.FFF.  SMMMMMMMMM
people:person                       their-person    SFFNF.FFF.  SMMMMMMMMM
people:correct                      person          SNNFN.NNN.  SNNFN.NNN.
people:correct                      their-person    SNNNN.NNN.  SNNNN.NNN.
people:line_manager                 person          SNN.N.NNN.  SNN.N.NNN.
people:line_manager                 their-person    SNNNN.NNN.  SNNNN.NNN.
people:agency                       person          SNNFN.NNN.  SNNFN.NNN.
people:stop_change                  person          SMMMMMMMMM  SNNFN>NNN>
people:invite                       person          SMMMMMMMMM  SNN>N>NNN>
people:invite                       their-person    SMMMMMMMMM  SNNNN>NNN>
people:invite_all                   -               SFFFF.FFF.  SFFFF>FFF>
people:duplicates                   -               SFFFF.FFF.  SMMMMMMMMM
people:merge_with                   person          SNNFN.NNN.  SNNFN.NNN.
people:merge                        pair            SFFFF.FFF.  SFFFF.FFF.
people:keep_apart                   pair            SMMMMMMMMM  SFFFF>FFF>
people:undo_merge                   merge           SFFFF.FFF.  SFFFF>FFF>
people:left                         person          SNN.N.NNN.  SNN.N.NNN.
people:left                         their-person    SNNNN.NNN.  SNNNN.NNN.
people:left                         staff           SNNNNFNNN.  SNNNNFNNN.
people:not_left                     person          SNN.N.NNN.  SNN>N>NNN>
people:not_left                     their-person    SNNNN.NNN.  SNNNN>NNN>
people:reset_second_step            person          SNNFNFNNN.  SNNFNFNNN>
people:reset_second_step            their-person    SNNNNFNNN.  SNNNNFNNN>
people:give_role                    person          SNNFN.NNN.  SNNFN.NNN.
people:give_role                    their-person    SNNNN.NNN.  SNNNN.NNN.
people:take_role                    leads-grant     SNNFN.NNN.  SNNFN>NNN>
people:take_role                    staff-grant     SNNNNFNNN.  SNNNNFNNN>

# agencies                                          APMLTCFSXA  APMLTCFSXA
agencies:list                       -               SFFFF...F.  SMMMMMMMMM
agencies:download                   -               SFFFF...F.  SMMMMMMMMM
agencies:agency                     agency          SFFFF...F.  SMMMMMMMMM
agencies:add                        -               SFFFF.FFFF  SFFFF.FFFF
agencies:correct                    agency          SFFFF.FFFF  SFFFF.FFFF
agencies:billing                    agency          SFFFF..FFF  SFFFF>>FFF
agencies:add_name                   agency          SFFFF.FFFF  SFFFF.FFFF
agencies:remove_name                name            SMMMMMMMMM  SFFFF>FFFF
agencies:add_domain                 agency          SFFFF.FFFF  SFFFF.FFFF
agencies:remove_domain              domain          SMMMMMMMMM  SFFFF>FFFF

# agencies' use of training                         APMLTCFSXA  APMLTCFSXA
agency_use:use                      agency          SFF.F.FFFF  SMMMMMMMMM
agency_use:use                      their-agency    SFFNF.FFFF  SMMMMMMMMM
agency_use:use_download             agency          SFF.F.FFFF  SMMMMMMMMM
agency_use:use_download             their-agency    SFFNF.FFFF  SMMMMMMMMM
agency_use:gaps                     agency          SFF.F.FFFF  SMMMMMMMMM
agency_use:gaps                     their-agency    SFFNF.FFFF  SMMMMMMMMM
agency_use:gaps_download            agency          SFF.F.FFFF  SMMMMMMMMM
agency_use:gaps_download            their-agency    SFFNF.FFFF  SMMMMMMMMM

# messages                                          APMLTCFSXA  APMLTCFSXA
messages:list                       -               SFFFF.FFF.  SMMMMMMMMM
messages:download                   -               SFFFF.FFF.  SMMMMMMMMM
messages:undeliverable              -               SFFFF.FFF.  SMMMMMMMMM
messages:send_failed                -               SFFFF.FFF.  SFFFF.FFF.
messages:templates                  -               SFFFF.FFFF  SMMMMMMMMM
messages:template                   template        SFFFF.FFFF  SMMMMMMMMM
messages:template                   no-template     SFFFFNFFFF  SMMMMMMMMM
messages:edit_template              template        SFFFF.FFFF  SFFFF.FFFF
messages:original_template          template        SFFFF.FFFF  SFFFF>FFFF
messages:send_several               -               SFFFF>FFF>  SFFFF>FFF>
messages:held                       -               SFFFF.FFF.  SMMMMMMMMM
messages:send_held                  -               SFFFF.FFF.  SFFFF>FFF>
messages:throw_away_held            -               SFFFF.FFF.  SFFFF>FFF>
messages:message                    message         SFFFF.FFF.  SMMMMMMMMM
messages:message                    no-work         SFFFFNFFFN  SMMMMMMMMM
messages:send_again                 message         SFFFF.FFF.  SFFFF>FFF>
messages:stop                       message         SFFFF.FFF.  SFFFF>FFF>

# background work                                   APMLTCFSXA  APMLTCFSXA
jobs:list                           -               SFFFF..FF.  SMMMMMMMMM
jobs:download                       -               SFFFF..FF.  SMMMMMMMMM
jobs:job                            job             SFFFF.NFF.  SMMMMMMMMM
jobs:job                            run             SFFFF..FF.  SMMMMMMMMM
jobs:try_again                      job             SFFFF.NFF.  SFFFF>NFF>
jobs:try_again                      run             SFFFFF.FFF  SFFFFF>FFF
"""
DOORS = OURS + BESIDE
