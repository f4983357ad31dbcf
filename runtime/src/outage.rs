//! Which of Diesel's errors mean that the database is not there, or not now, and which that a value does not fit.

use diesel::result::DatabaseErrorKind as Kind;
use diesel::result::Error;

/// How the messages begin that drivers and servers give when the database cannot answer. Diesel passes on neither error
/// numbers nor SQLSTATEs, so that the words are all there is; servers have to speak English for it.
const BEGINNINGS: &[&str] = &[
    // mysql_async
    "Input/output error:",
    "Other error:",
    "Driver error: `Connection to the server is closed",
    "Driver error: `Packet out of order",
    "Driver error: `Pool was disconnected",
    // MySQL and MariaDB
    "Server shutdown in progress",
    "Connection was killed",
    "Lock wait timeout exceeded",
    "Deadlock found",
    "Query execution was interrupted",
    "MySQL server has gone away",
    "Lost connection to MySQL server",
    // PostgreSQL
    "terminating connection",
    "the database system is",
    "canceling statement due to",
    "deadlock detected",
    "sorry, too many clients",
    "remaining connection slots",
    // SQLite
    "database is locked",
    "database table is locked",
    "disk I/O error",
    "unable to open database file",
    "database or disk is full",
    "out of memory",
];

/// What tokio-postgres reports in the same way as a lost connection, although the statement is to blame.
const NOT_THE_CONNECTION: &[&str] = &[
    "error serializing parameter",
    "error encoding message",
    "expected ",
];

/// How the messages begin that databases give for a value that does not fit its column.
const BAD_VALUES: &[&str] = &[
    // PostgreSQL
    "value too long for type",
    "value \"",
    "integer out of range",
    "smallint out of range",
    "bigint out of range",
    "numeric field overflow",
    "invalid byte sequence for encoding",
    // MySQL and MariaDB
    "Data too long for column",
    "Out of range value for column",
    "Incorrect string value",
];

/// Whether a value of the client's does not fit its column.
pub(crate) fn is_bad_value(error: &Error) -> bool {
    match error {
        Error::DatabaseError(Kind::Unknown, about) => begins(about.message(), BAD_VALUES),
        _ => false,
    }
}

fn begins(message: &str, beginnings: &[&str]) -> bool {
    // mysql_async: "Server error: `ERROR 70100 (1927): Connection was killed`".
    let server = message.strip_prefix("Server error: `ERROR ");
    let server = server.and_then(|error| error.split_once(": "));
    let message = server.map_or(message, |(_, message)| message);
    beginnings
        .iter()
        .any(|beginning| message.starts_with(beginning))
}

pub(crate) fn is_outage(error: &Error) -> bool {
    match error {
        Error::BrokenTransactionManager => true,
        Error::DatabaseError(Kind::ClosedConnection | Kind::SerializationFailure, _) => true,
        Error::DatabaseError(Kind::UnableToSendCommand, about) => {
            !begins(about.message(), NOT_THE_CONNECTION)
        }
        Error::DatabaseError(Kind::Unknown, about) => begins(about.message(), BEGINNINGS),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(message: &str) -> Error {
        Error::DatabaseError(Kind::Unknown, Box::new(message.to_owned()))
    }

    #[test]
    fn the_database_is_away() {
        assert!(is_outage(&unknown(
            "Input/output error: Connection refused"
        )));
        assert!(is_outage(&unknown("database is locked")));
        assert!(is_outage(&unknown(
            "terminating connection due to administrator command"
        )));
        let closed = Error::DatabaseError(Kind::ClosedConnection, Box::new(String::new()));
        assert!(is_outage(&closed));
    }

    #[test]
    fn the_statement_is_to_blame() {
        assert!(!is_outage(&unknown("no such column: x")));
        assert!(!is_outage(&unknown("relation \"x\" does not exist")));
        let message = "error serializing parameter 0".to_owned();
        let parameter = Error::DatabaseError(Kind::UnableToSendCommand, Box::new(message));
        assert!(!is_outage(&parameter));
        let unique = Error::DatabaseError(Kind::UniqueViolation, Box::new(String::new()));
        assert!(!is_outage(&unique));
    }
}
