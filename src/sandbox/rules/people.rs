//! Whom a registration concerns, who may act for that person, and where he or she belongs.

use super::{call, rules};

rules! { Dfdg;
    NO_DATE {
        1001 "D" ("the number's first six digits are no date", "nummerets første seks cifre er ikke en dato"),
        refused [call("createInterview", &["2902010001"], "")],
        allowed []
    }
    NOBODY {
        1010 "C" ("nobody has the number", "ingen har nummeret"),
        refused [call("createInterview", &["0909090909"], "")],
        allowed [call("createInterview", &["0202020000"], "")]
    }
    NO_CODE_FOR_IT {
        1100 "G" ("nobody has the number, and the operation lists no code that says so", "ingen har nummeret, og operationen har ingen kode, der siger det"),
        refused [call("registerFundParticipation", &["0909090909"], "")],
        allowed [call("registerFundParticipation", &["0708850001"], "")]
    }
    NOT_IN_DFDG {
        4404 "C" ("the person does not exist in DFDG", "personen findes ikke i DFDG"),
        refused [call("createInterview", &["0708850005"], "")],
        allowed [call("createInterview", &["0708850001"], "")]
    }
    DEAD {
        4405 "C" ("the person is dead", "personen er død"),
        refused [call("registerFundParticipation", &["0708850004"], "")],
        allowed [call("registerFundParticipation", &["0708850001"], "")]
    }
    AUTHORITY_KIND {
        4413 "G" ("the kind of authority may not call the operation", "den slags myndighed må ikke kalde operationen"),
        guarded ("the gateway's routes take fewer kinds of authority", "gatewayens ruter tillader færre slags myndigheder")
    }
    OTHER_JOBCENTER {
        6005 "C" ("a jobcentre acts for somebody of another", "et jobcenter handler for en person fra et andet"),
        refused [call("createInterview", &["0708850003"], "")],
        allowed [call("createInterview", &["0708850003"], "").by("jobcenter:10101")]
    }
    OTHERS_MEMBER {
        4575 "C" ("a fund registers an interview with somebody who is not its member",
                  "en a-kasse registrerer en samtale med en person, der ikke er medlem"),
        refused [call("createInterview", &["0708850010"], "").by("unemployment-fund:11")],
        allowed [call("createInterview", &["0708850002"], "").by("unemployment-fund:11")]
    }
    NO_FUND {
        4385 "C" ("a fund, or a choice of participation, concerns somebody in no fund",
                  "en a-kasse eller et valg om deltagelse vedrører en person, der ikke er i a-kasse"),
        refused [call("registerFundParticipationChoice", &["0708095011"], "")],
        allowed [call("registerFundParticipationChoice", &["0708850002"], "")]
    }
    OTHER_FUND {
        4857 "C" ("a fund acts for a member of another", "en a-kasse handler for et medlem af en anden"),
        refused [call("registerFundParticipationChoice", &["0708850010"], "").by("unemployment-fund:11")],
        allowed [call("registerFundParticipationChoice", &["0708850002"], "").by("unemployment-fund:11")]
    }
    NOT_SERVED {
        4511 "C" ("the external operator does not serve the person", "den anden aktør betjener ikke personen"),
        refused [call("createInterview", &["0708850013"], "").by("external-operator:12345678")],
        allowed [call("createInterview", &["0708850001"], "").by("external-operator:12345678")]
    }
    UNKNOWN_JOBCENTER {
        4695 "C" ("the jobcentre is not 10101, 15101, 46101 or 75101", "jobcentret er ikke 10101, 15101, 46101 eller 75101"),
        refused [call("updateJobcenter", &["0708850001"], r#"{"jobcenterIdentifier":99999}"#)],
        allowed [call("updateJobcenter", &["0708850001"], r#"{"jobcenterIdentifier":46101}"#)]
    }
    NOT_OURS_TO_MOVE {
        4575 "G" ("a person is moved neither by the jobcentre that lets go nor by the one that takes over",
                  "en person flyttes hverken af det jobcenter, der afgiver, eller af det, der overtager"),
        refused [call("updateJobcenter", &["0708850003"], r#"{"jobcenterIdentifier":46101}"#)],
        allowed [call("updateJobcenter", &["0708850003"], r#"{"jobcenterIdentifier":15101}"#)]
    }
    NOT_IN_A_FUND {
        9151 "G" ("a fund's participation concerns somebody in no fund", "en a-kasses deltagelse vedrører en person, der ikke er i a-kasse"),
        refused [call("registerFundParticipation", &["0708095011"], "")],
        allowed [call("registerFundParticipation", &["0708850010"], "")]
    }
    UNKNOWN_CV {
        9151 "G" ("nobody has the CV customer number", "ingen har CV-kundenummeret"),
        refused [call("registerFundParticipationByCv", &["12345678"], "")],
        allowed [call("registerFundParticipationByCv", &["10000002"], "")]
    }
    PHASED_OUT {
        4588 "D" ("the operation is phased out: consents", "operationen er udfaset: samtykker"),
        refused [call("createConsent", &["0708850001"], "")],
        allowed [call("createConsent", &["0101997000"], "")]
    }
    UNKNOWN_IDENTIFIER {
        4589 "C" ("nothing of the kind is registered for the person under the identifier",
                  "intet af den slags er registreret for personen under id'et"),
        refused [call("correctCategory", &["0708850013", "99999999-0000-4000-8000-000000000001"], "")],
        allowed [call("correctCategory", &["0708850013", "20000000-0000-4000-8000-000000000008"], "")]
    }
}
