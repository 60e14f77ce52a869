//! What DFDG demands of every request before it looks at the person: the schema and the two headers.

use super::rules;

const HEADERS: (&str, &str) =
    ("the gateway writes both headers itself", "gatewayen skriver selv begge headere");

rules! { Dfdg;
    SCHEMA {
        1014 "D" ("the schema refuses the body", "skemaet afviser indholdet"),
        guarded ("the gateway checks by the same schema first", "gatewayen kontrollerer først efter samme skema")
    }
    ORGANISATION_MISSING {
        8232 "C" ("ActiveOrganisationHeader is missing", "ActiveOrganisationHeader mangler"),
        guarded HEADERS
    }
    USER_MISSING {
        8233 "C" ("RequestUserMetadataHeader is missing", "RequestUserMetadataHeader mangler"),
        guarded HEADERS
    }
    ORGANISATION_UNREADABLE {
        8234 "C" ("ActiveOrganisationHeader is there twice or invalid", "ActiveOrganisationHeader er der to gange eller er ugyldig"),
        guarded HEADERS
    }
    USER_UNREADABLE {
        8235 "C" ("RequestUserMetadataHeader is there twice or invalid", "RequestUserMetadataHeader er der to gange eller er ugyldig"),
        guarded HEADERS
    }
    ORGANISATION_TYPE {
        8173 "C" ("the organisation type of either header is unknown", "organisationstypen i en af headerne er ukendt"),
        guarded HEADERS
    }
    USER_TYPE {
        8174 "C" ("the user type is unknown", "brugertypen er ukendt"),
        guarded HEADERS
    }
}
