"""Every address with its answer to everyone: the table, and the rows that its addresses are about.

A line is: the view's name; what it is about (World in test_doors.py makes it; - for nothing); the answers to GET; those
to POST. An answer is one letter for each of ROLES, in their order:

    .  shows the page (200)          S  sends to sign in          >  sends elsewhere: it is done, or there is nothing
    F  forbidden (403)               N  not found (404)           M  does nothing by this method (405)

POST comes with an empty form, so . after POST means that the form is shown again and nothing was done. Each answer is
asked for on its own: what one role changes, the next does not find.

Ours: booked by the practitioner, whose line manager, agency lead and trainer are the ones in ROLES. Theirs: none of
these has to do with it; it is public where it is an event.
"""

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
DOORS = """
# home                                              APMLTCFSXA  APMLTCFSXA
home                                -               S.........  MMMMMMMMMM
who_are_you                         -               S>>>>>>>>>  S>>>>>>>>>
unknown_person                      -               S>>>>>>>>>  S>>>>>>>>>
sign_out_everywhere                 -               SMMMMMMMMM  SSSSSSSSSS

# programme                                         APMLTCFSXA  APMLTCFSXA
programme:list                      -               S.........  MMMMMMMMMM
programme:download                  -               S.........  MMMMMMMMMM

# events                                            APMLTCFSXA  APMLTCFSXA
events:event                        event           S.........  MMMMMMMMMM
events:event                        in-house        SNNNN.N.NN  MMMMMMMMMM
events:event                        draft           SNNNN.N.NN  MMMMMMMMMM
events:book                         event           S.........  S>>.>.>>>>
events:book                         in-house        SNNNN.N.NN  SNNNN.N>NN
events:book                         draft           SNNNN.N.NN  SNNNN.N>NN

# bookings                                          APMLTCFSXA  APMLTCFSXA
bookings:list                       -               S.........  MMMMMMMMMM
bookings:booking                    booking         S...F.NNNN  MMMMMMMMMM
bookings:booking                    waiting         S...N.NNNN  MMMMMMMMMM
bookings:booking                    their-booking   SNNNN.NNNN  MMMMMMMMMM
bookings:booking                    no-booking      SNNNNNNNNN  MMMMMMMMMM
bookings:cancel                     booking         S...F.NNNN  S>>>F.NNNN
bookings:cancel                     waiting         S...N.NNNN  S>>>N.NNNN
bookings:cancel                     their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:substitute                 booking         S...F.NNNN  S...F.NNNN
bookings:substitute                 their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:give_place                 waiting         SFFFN.NNNN  SFFFN>NNNN
bookings:give_place                 their-waiting   SNNNN.NNNN  SNNNN>NNNN

# registers                                         APMLTCFSXA  APMLTCFSXA
registers:register                  register        SFFF..FFFF  SFFF>>FFFF
registers:register                  their-register  SFFFF.FFFF  SFFFF>FFFF
registers:register                  no-register     SNNNNNNNNN  SNNNNNNNNN
registers:mark_rest                 register        SFFF..FFFF  SFFF>>FFFF
registers:mark_rest                 their-register  SFFFF.FFFF  SFFFF>FFFF
registers:walk_in                   register        SFFF..FFFF  SFFF..FFFF
registers:walk_in                   their-register  SFFFF.FFFF  SFFFF.FFFF
registers:hand_in                   register        SFFF..FFFF  SFFF..FFFF
registers:hand_in                   their-register  SFFFF.FFFF  SFFFF.FFFF
registers:close                     held            SFFFF.FFFF  SFFFF>FFFF
registers:close                     their-held      SFFFF.FFFF  SFFFF>FFFF
registers:close                     draft           SNNNNNNNNN  SNNNNNNNNN
registers:reopen                    held            SFFFF.FFFF  SFFFF.FFFF
registers:reopen                    their-held      SFFFF.FFFF  SFFFF.FFFF

# evaluations                                       APMLTCFSXA  APMLTCFSXA
evaluations:answer                  asked           ..........  ..........
evaluations:answer                  wrong-link      NNNNNNNNNN  NNNNNNNNNN
evaluations:thanks                  -               ..........  MMMMMMMMMM
evaluations:event                   held            SFFF..F.FF  MMMMMMMMMM
evaluations:event                   their-held      SFFFF.F.FF  MMMMMMMMMM
evaluations:event                   draft           SNNNN.N.NN  MMMMMMMMMM
evaluations:latest                  -               SFFFF>F>FF  MMMMMMMMMM
evaluations:year                    year            SFFFF.F.FF  MMMMMMMMMM
evaluations:year                    no-year         SFFFFNFNFF  MMMMMMMMMM
evaluations:course                  course          SFFFF.F.FF  MMMMMMMMMM
evaluations:course                  no-course       SFFFFNFNFF  MMMMMMMMMM

# charges                                           APMLTCFSXA  APMLTCFSXA
charges:list                        -               S.........  MMMMMMMMMM
charges:download                    -               S.........  MMMMMMMMMM
charges:confirm                     -               SFFFFF.FFF  SFFFFF.FFF
charges:charge                      charge          S...N..NNN  MMMMMMMMMM
charges:charge                      their-charge    SNNNN..NNN  MMMMMMMMMM
charges:waive                       charge          SFFFNF.NNN  SFFFNF.NNN
charges:waive                       their-charge    SNNNNF.NNN  SNNNNF.NNN
charges:dispute                     charge          S...NFFNNN  S...NFFNNN
charges:dispute                     their-charge    SNNNNFFNNN  SNNNNFFNNN

# invoices                                          APMLTCFSXA  APMLTCFSXA
invoices:list                       -               S.........  MMMMMMMMMM
invoices:download                   -               S.........  MMMMMMMMMM
invoices:raise                      -               SFFFFF.FFF  SFFFFF.FFF
invoices:run                        run             SFFFFF.FFF  MMMMMMMMMM
invoices:invoice                    invoice         SNN.N..NNN  MMMMMMMMMM
invoices:invoice                    their-invoice   SNNNN..NNN  MMMMMMMMMM

# reports                                           APMLTCFSXA  APMLTCFSXA
reports:latest                      -               SFF>F>>>FF  MMMMMMMMMM
reports:utilisation                 year            SFF.F...FF  MMMMMMMMMM
reports:utilisation                 no-year         SFFNFNNNFF  MMMMMMMMMM
reports:json                        year            SFFFF.F.FF  MMMMMMMMMM
reports:csv                         year            SFFFF.F.FF  MMMMMMMMMM
reports:rows                        figure          SFFFF.F.FF  MMMMMMMMMM
reports:rows                        no-figure       SNNNNNNNNN  MMMMMMMMMM
reports:rows_download               figure          SFFFF.F.FF  MMMMMMMMMM

# people                                            APMLTCFSXA  APMLTCFSXA
people:list                         -               SFF.F.FFF.  MMMMMMMMMM
people:download                     -               SFF.F.FFF.  MMMMMMMMMM
people:add                          -               SFF.F.FFF.  SFF.F.FFF.
people:person                       person          SFF.F.FFF.  MMMMMMMMMM
people:person                       their-person    SFFNF.FFF.  MMMMMMMMMM
people:correct                      person          SNNFN.NNN.  SNNFN.NNN.
people:correct                      their-person    SNNNN.NNN.  SNNNN.NNN.
people:line_manager                 person          SNN.N.NNN.  SNN.N.NNN.
people:line_manager                 their-person    SNNNN.NNN.  SNNNN.NNN.
people:agency                       person          SNNFN.NNN.  SNNFN.NNN.
people:stop_change                  person          MMMMMMMMMM  SNNFN>NNN>
people:invite                       person          MMMMMMMMMM  SNN>N>NNN>
people:invite                       their-person    MMMMMMMMMM  SNNNN>NNN>
people:left                         person          SNN.N.NNN.  SNN.N.NNN.
people:left                         their-person    SNNNN.NNN.  SNNNN.NNN.
people:left                         staff           SNNNNFNNN.  SNNNNFNNN.
people:not_left                     person          SNN.N.NNN.  SNN>N>NNN>
people:not_left                     their-person    SNNNN.NNN.  SNNNN>NNN>
people:give_role                    person          SNNFN.NNN.  SNNFN.NNN.
people:give_role                    their-person    SNNNN.NNN.  SNNNN.NNN.
people:take_role                    leads-grant     SNNFN.NNN.  SNNFN>NNN>
people:take_role                    staff-grant     SNNNNFNNN.  SNNNNFNNN>

# agencies                                          APMLTCFSXA  APMLTCFSXA
agencies:list                       -               SFFFF...F.  MMMMMMMMMM
agencies:download                   -               SFFFF...F.  MMMMMMMMMM
agencies:agency                     agency          SFFFF...F.  MMMMMMMMMM
agencies:add                        -               SFFFF.FFFF  SFFFF.FFFF
agencies:correct                    agency          SFFFF.FFFF  SFFFF.FFFF
agencies:billing                    agency          SFFFF..FFF  SFFFF>>FFF
agencies:add_name                   agency          SFFFF.FFFF  SFFFF.FFFF
agencies:remove_name                name            MMMMMMMMMM  SFFFF>FFFF

# messages                                          APMLTCFSXA  APMLTCFSXA
messages:list                       -               SFFFF.FFF.  MMMMMMMMMM
messages:download                   -               SFFFF.FFF.  MMMMMMMMMM
messages:undeliverable              -               SFFFF.FFF.  MMMMMMMMMM
messages:send_failed                -               SFFFF.FFF.  SFFFF.FFF.
messages:message                    message         SFFFF.FFF.  MMMMMMMMMM
messages:message                    no-key          SFFFFNFFFN  MMMMMMMMMM
messages:send_again                 message         SFFFF.FFF.  SFFFF>FFF>
messages:stop                       message         SFFFF.FFF.  SFFFF>FFF>

# background work                                   APMLTCFSXA  APMLTCFSXA
jobs:list                           -               SFFFF..FF.  MMMMMMMMMM
jobs:download                       -               SFFFF..FF.  MMMMMMMMMM
jobs:job                            job             SFFFF.NFF.  MMMMMMMMMM
jobs:job                            run             SFFFF..FF.  MMMMMMMMMM
jobs:try_again                      job             SFFFF.NFF.  SFFFF>NFF>
jobs:try_again                      run             SFFFFF.FFF  SFFFFF>FFF

# accounts                                          APMLTCFSXA  APMLTCFSXA
account_login                       -               .>>>>>>>>>  .>>>>>>>>>
account_logout                      -               S.........  SSSSSSSSSS
account_inactive                    -               ..........  MMMMMMMMMM
account_signup                      -               .>>>>>>>>>  .>>>>>>>>>
account_reauthenticate              -               S.........  S.........
account_email                       -               S.........  S>>>>>>>>>
account_email_verification_sent     -               S>>>>>>>>>  S>>>>>>>>>
account_change_password             -               S.........  S.........
account_set_password                -               S>>>>>>>>>  S>>>>>>>>>
account_reset_password              -               ..........  ..........
account_confirm_login_code          -               S>>>>>>>>>  S>>>>>>>>>
account_confirm_password_reset_code -               SSSSSSSSSS  SSSSSSSSSS
account_complete_password_reset     -               >>>>>>>>>>  >>>>>>>>>>
account_password_reset_completed    -               ..........  MMMMMMMMMM
account_request_login_code          -               .>>>>>>>>>  .>>>>>>>>>

# home                                              APMLTCFSXA  APMLTCFSXA
brand_stylesheet                    -               ..........  ..........
"""
