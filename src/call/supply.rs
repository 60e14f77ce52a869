//! The values that the gateway itself puts into requests: who calls, for which authority, when.

use uuid::Uuid;

use crate::auth::{ActingUser, Identity, acting_user};
use crate::gateway::Gateway;
use crate::operation::Supply;
use crate::problem::{Problem, names};
use crate::shape::value::Value;
use crate::types::Authority;
use crate::types::time::Instant;
use crate::upstream::Wire;

/// On whose behalf a call is made.
#[derive(Debug, Clone, Copy)]
pub struct OnBehalf<'c> {
    /// The caller.
    pub identity: &'c Identity,
    /// The authority.
    pub authority: &'c Authority,
}

impl Gateway {
    /// Refuses a caller for whom a route's messages could not be filled: who may not call is told so before a body is read.
    pub fn check_supply(&self, wire: &Wire, who: OnBehalf<'_>) -> Result<(), Problem> {
        let supplied = wire.supplied.iter().chain(&wire.header_supplies).copied();
        supplied
            .filter(|supply| may_be_lacking(*supply))
            .try_for_each(|supply| self.one(supply, who).map(drop))
    }

    /// The values for a list of supplied elements; what the configuration lacks is a 403, never a default.
    pub fn supply(
        &self,
        what: impl IntoIterator<Item = Supply>,
        who: OnBehalf<'_>,
    ) -> Result<Vec<Value<'static>>, Problem> {
        what.into_iter().map(|supply| self.one(supply, who)).collect()
    }

    fn one(&self, supply: Supply, who: OnBehalf<'_>) -> Result<Value<'static>, Problem> {
        let authorities = &self.config.authorities;
        Ok(match supply {
            Supply::StarInstitutionNumber => {
                number(authorities.settings(who.authority).star_institution_number)?
            }
            Supply::KuiInstitutionNumber => {
                number(authorities.settings(who.authority).kui_institution_number)?
            }
            Supply::OrganisationType => {
                number(authorities.organisation_type(who.authority.kind()).map(u64::from))?
            }
            Supply::OrganisationCode => text(who.authority.code()),
            Supply::SystemName => text(self.config.system_name()),
            Supply::TransactionId => text(&Uuid::new_v4().to_string()),
            Supply::Now => Value::Instant(Instant::utc((self.clock)())),
            Supply::UserName => text(self.user(who)?.name),
            Supply::UserIdentifier => text(self.user(who)?.identifier),
            Supply::UserType => Value::Integer(self.user(who)?.user_type.code().into()),
        })
    }

    fn user<'c>(&'c self, who: OnBehalf<'c>) -> Result<ActingUser<'c>, Problem> {
        acting_user(who.identity, self.config.system_user_identifier())
            .map_err(|_| Problem::own(names::USER_NAME_MISSING))
    }
}

/// Whether configuration or token may have no value. What they always have is not made for a check: a transaction id
/// costs a call of the system.
fn may_be_lacking(supply: Supply) -> bool {
    match supply {
        Supply::OrganisationCode | Supply::SystemName | Supply::TransactionId | Supply::Now => false,
        Supply::StarInstitutionNumber
        | Supply::KuiInstitutionNumber
        | Supply::OrganisationType
        | Supply::UserName
        | Supply::UserIdentifier
        | Supply::UserType => true,
    }
}

fn number(configured: Option<u64>) -> Result<Value<'static>, Problem> {
    configured
        .and_then(|number| i64::try_from(number).ok())
        .map(Value::Integer)
        .ok_or_else(|| Problem::own(names::AUTHORITY_NOT_CONFIGURED))
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}
