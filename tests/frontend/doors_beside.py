"""Addresses beside those of doors.py, with their answers as it explains them: money, trainers, arranging, programs."""

BESIDE = """
# arranging what delegates need                     APMLTCFSXA  APMLTCFSXA
events:needs_coming                 -               SFFFF.FFFF  SMMMMMMMMM
events:order_food                   event           SMMMMMMMMM  SFFFF>FFFF
events:order_food                   in-house        SMMMMMMMMM  SNNNN>NFNN
bookings:arrange_need               booking         SFFFF>NNNN  SFFFF>NNNN
bookings:arrange_need               their-booking   SNNNN>NNNN  SNNNN>NNNN
bookings:take_back_need             booking         SMMMMMMMMM  SFFFF>NNNN
bookings:take_back_need             their-booking   SMMMMMMMMM  SNNNN>NNNN

# making up a missed session
bookings:make_up                    booking         SFFFF.NNNN  SFFFF.NNNN
bookings:make_up                    waiting         SNNNNNNNNN  SNNNNNNNNN
bookings:make_up                    their-booking   SNNNN.NNNN  SNNNN.NNNN
bookings:take_back_make_up          made-up         SMMMMMMMMM  SFFFN>NNNN
bookings:take_back_make_up          no-made-up      SMMMMMMMMM  SFFFNNNNNN

# why somebody did not come                         APMLTCFSXA  APMLTCFSXA
bookings:reason                     absent          SFFFN.NNNN  SFFFN.NNNN
bookings:reason                     booking         SFFFF>NNNN  SFFFF>NNNN
bookings:reason                     their-booking   SNNNN>NNNN  SNNNN>NNNN
bookings:take_out_reason            absent          SMMMMMMMMM  SFFFN>NNNN

# venues and trainers                               APMLTCFSXA  APMLTCFSXA
venues:list                         -               SFFFF.F.FF  SMMMMMMMMM
venues:add                          -               SFFFF.FFFF  SFFFF.FFFF
venues:venue                        venue           SFFFF.F.FF  SMMMMMMMMM
venues:correct                      venue           SFFFF.FFFF  SFFFF.FFFF
venues:add_room                     venue           SFFFF.FFFF  SFFFF.FFFF
venues:correct_room                 room            SFFFF.FFFF  SFFFF>FFFF
trainers:list                       -               SFFFF.F.FF  SMMMMMMMMM
trainers:time                       -               SFFFF.F.FF  SMMMMMMMMM
trainers:time_download              -               SFFFF.F.FF  SMMMMMMMMM
trainers:steps                      -               SFFFF.FFFF  SFFFF.FFFF
trainers:change_step                step-asked      SFFFF.FFFF  SFFFF.FFFF
trainers:way                        trainer         SFFFF.F.FF  SMMMMMMMMM
trainers:sign                       way             SFFFF.FFFF  SFFFF.FFFF
trainers:sign                       no-way          SFFFFNFFFF  SFFFFNFFFF
trainers:take_out_step              way             SMMMMMMMMM  SFFFF>FFFF
trainers:add                        -               SFFFF.FFFF  SFFFF.FFFF
trainers:trainer                    trainer         SFFFF.F.FF  SMMMMMMMMM
trainers:correct                    trainer         SFFFF.FFFF  SFFFF.FFFF
trainers:clear                      trainer         SFFFF.FFFF  SFFFF.FFFF
trainers:end_clearance              clearance       SMMMMMMMMM  SFFFF>FFFF
trainers:away                       trainer         SFFFF.FFFF  SFFFF.FFFF
trainers:put_back                   trainer         SMMMMMMMMM  SFFFF>FFFF
trainers:back                       absence         SMMMMMMMMM  SFFFF>FFFF
trainers:mine                       -               SNNN.NNNNN  SNNN.NNNNN
trainers:asked                      asked-trainer   ..........  ..........
trainers:asked                      wrong-link      NNNNNNNNNN  NNNNNNNNNN
trainers:volunteer                  event           SMMMMMMMMM  SNNN>NNNNN
trainers:volunteer                  no-booking      SMMMMMMMMM  SNNNNNNNNN
trainers:i_am_back                  own-absence     SMMMMMMMMM  SNNN>NNNNN

# charges                                           APMLTCFSXA  APMLTCFSXA
charges:list                        -               S.........  SMMMMMMMMM
charges:download                    -               S.........  SMMMMMMMMM
charges:confirm                     -               SFFFFF.FFF  SFFFFF.FFF
charges:charge                      charge          S...N..NNN  SMMMMMMMMM
charges:charge                      their-charge    SNNNN..NNN  SMMMMMMMMM
charges:waive                       charge          SFFFNF.NNN  SFFFNF.NNN
charges:waive                       their-charge    SNNNNF.NNN  SNNNNF.NNN
charges:dispute                     charge          S...NFFNNN  S...NFFNNN
charges:dispute                     their-charge    SNNNNFFNNN  SNNNNFFNNN
charges:credit                      charge          SFFFNF.NNN  SFFFNF.NNN
charges:credit                      their-charge    SNNNNF.NNN  SNNNNF.NNN

# charging policy                                   APMLTCFSXA  APMLTCFSXA
policies:list                       -               SFFFF..FF.  SMMMMMMMMM
policies:policy                     policy          SFFFF..FF.  SMMMMMMMMM
policies:policy                     no-key          SFFFFNNFFN  SMMMMMMMMM
policies:new                        -               SFFFFF.FF.  SFFFFF.FF.
policies:change                     policy          SFFFFF>FF>  SFFFFF>FF>
policies:change                     to-come         SFFFFF.FF.  SFFFFF.FF.
policies:withdraw                   to-come         SFFFFF.FF.  SFFFFF>FF>
policies:exemptions                 -               SFFFF..FF.  SMMMMMMMMM
policies:add_exemption              -               SFFFFF.FF.  SFFFFF.FF.
policies:correct_exemption          exemption       SFFFFF.FF.  SFFFFF.FF.
policies:closing_days               -               SFFFF..FF.  SMMMMMMMMM
policies:add_closing_day            -               SFFFFF.FF.  SFFFFF.FF.
policies:take_out_closing_day       closing-day     SMMMMMMMMM  SFFFFF>FF>

# invoices                                          APMLTCFSXA  APMLTCFSXA
invoices:list                       -               S.........  SMMMMMMMMM
invoices:download                   -               S.........  SMMMMMMMMM
invoices:raise                      -               SFFFFF.FFF  SFFFFF.FFF
invoices:run                        run             SFFFFF.FFF  SMMMMMMMMM
invoices:invoice                    invoice         SNN.N..NNN  SMMMMMMMMM
invoices:invoice                    their-invoice   SNNNN..NNN  SMMMMMMMMM
invoices:pdf                        invoice         SNN.N..NNN  SMMMMMMMMM
invoices:pdf                        their-invoice   SNNNN..NNN  SMMMMMMMMM
invoices:credit_note                credit-note     SNN.N..NNN  SMMMMMMMMM
invoices:credit_note                their-credit    SNNNN..NNN  SMMMMMMMMM
invoices:credit_note_pdf            credit-note     SNN.N..NNN  SMMMMMMMMM
invoices:credit_note_pdf            their-credit    SNNNN..NNN  SMMMMMMMMM

# API                                               APMLTCFSXA  APMLTCFSXA
api:schema                          -               ..........  MMMMMMMMMM
api:me                              -               U.........  UMMMMMMMMM
api:events                          -               U.........  UMMMMMMMMM
api:event                           event           U.........  UMMMMMMMMM
api:event                           in-house        UNNNN.N.NN  UMMMMMMMMM
api:event                           draft           UNNNN.N.NN  UMMMMMMMMM
api:registers                       held            UFFF..FFFF  UMMMMMMMMM
api:registers                       their-held      UFFFF.FFFF  UMMMMMMMMM
api:registers                       draft           UNNNNNNNNN  UMMMMMMMMM
api:mark_register                   register        UMMMMMMMMM  UFFFBBFFFF
api:mark_register                   their-register  UMMMMMMMMM  UFFFFBFFFF
api:mark_register                   no-register     UMMMMMMMMM  UNNNNNNNNN
api:hand_in_register                register        UMMMMMMMMM  UFFFBBFFFF
api:hand_in_register                their-register  UMMMMMMMMM  UFFFFBFFFF
api:close_registers                 held            UMMMMMMMMM  UFFFFCFFFF
api:close_registers                 their-held      UMMMMMMMMM  UFFFFCFFFF
api:close_registers                 draft           UMMMMMMMMM  UNNNNNNNNN
api:reopen_registers                held            UMMMMMMMMM  UFFFFBFFFF
api:reopen_registers                their-held      UMMMMMMMMM  UFFFFBFFFF
api:bookings                        -               U.........  UBBBBBBBBB
api:booking                         booking         U...F.NNNN  UMMMMMMMMM
api:booking                         waiting         U...N.NNNN  UMMMMMMMMM
api:booking                         their-booking   UNNNN.NNNN  UMMMMMMMMM
api:booking                         no-booking      UNNNNNNNNN  UMMMMMMMMM
api:cancel_booking                  booking         UMMMMMMMMM  U...F.NNNN
api:cancel_booking                  waiting         UMMMMMMMMM  U...N.NNNN
api:cancel_booking                  their-booking   UMMMMMMMMM  UNNNN.NNNN
api:charges                         -               U.........  UMMMMMMMMM
api:charge                          charge          U...N..NNN  UMMMMMMMMM
api:charge                          their-charge    UNNNN..NNN  UMMMMMMMMM
api:invoices                        -               U.........  UMMMMMMMMM
api:invoice                         invoice         UNN.N..NNN  UMMMMMMMMM
api:invoice                         their-invoice   UNNNN..NNN  UMMMMMMMMM
api:report                          year            UFFFF.F.FF  UMMMMMMMMM
api:report                          no-year         UFFFFNFNFF  UMMMMMMMMM
api_access:description              -               ..........  MMMMMMMMMM
api_access:tokens                   -               S.........  SMMMMMMMMM
api_access:make_token               -               S.........  S.........
api_access:revoke_token             token           S.NNNNNNNN  S>NNNNNNNN

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

# second step                                       APMLTCFSXA  APMLTCFSXA
mfa_index                           -               S.........  SMMMMMMMMM
mfa_authenticate                    -               S>>>>>>>>>  S>>>>>>>>>
mfa_reauthenticate                  -               S>>>>>>>>>  S>>>>>>>>>
mfa_activate_totp                   -               S.........  S.........
mfa_deactivate_totp                 -               SNNNNNNNNN  SNNNNNNNNN
mfa_view_recovery_codes             -               SNNNNNNNNN  SMMMMMMMMM
mfa_generate_recovery_codes         -               S.........  S.........
mfa_download_recovery_codes         -               SNNNNNNNNN  SNNNNNNNNN
mfa_list_webauthn                   -               S.........  SMMMMMMMMM
mfa_add_webauthn                    -               S.........  S.........
mfa_edit_webauthn                   no-key          SNNNNNNNNN  SNNNNNNNNN
mfa_remove_webauthn                 no-key          SNNNNNNNNN  SNNNNNNNNN
mfa_reauthenticate_webauthn         -               S>>>>>>>>>  S>>>>>>>>>
mfa_login_webauthn                  -               S>>>>>>>>>  S>>>>>>>>>

# home                                              APMLTCFSXA  APMLTCFSXA
brand_stylesheet                    -               ..........  ..........
brand_logo                          -               NNNNNNNNNN  NNNNNNNNNN

# health                                            APMLTCFSXA  APMLTCFSXA
status                              -               ..........  MMMMMMMMMM

# about                                             APMLTCFSXA  APMLTCFSXA
help                                -               ..........  MMMMMMMMMM
privacy                             -               ..........  MMMMMMMMMM
accessibility                       -               ..........  MMMMMMMMMM
cookies                             -               ..........  MMMMMMMMMM

# published reports                                 APMLTCFSXA  APMLTCFSXA
reports:publish                     year            SFFFF.FFFF  SFFFF.FFFF
reports:publish                     no-year         SFFFFNFFFF  SFFFFNFFFF
reports:published_list              -               SFFFF...FF  SMMMMMMMMM
reports:published_one               published       SFFFF...FF  SMMMMMMMMM
reports:published_one               no-published    SFFFFNNNFF  SMMMMMMMMM
reports:published_xlsx              published       SFFFF.F.FF  SMMMMMMMMM
reports:published_xlsx              no-published    SFFFFNFNFF  SMMMMMMMMM
"""
