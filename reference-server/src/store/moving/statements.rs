//! What is asked of the tables that move. The texts are put together from the names of [`super::tables`] and from nothing else.

use super::{
    super::sqlite_ran,
    tables::{Found, Kind, TABLES, Table, Writing},
};

/// In whose words a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The units that `$2` names, a list in JSON.
    fn named(self) -> &'static str {
        match self {
            Self::Sqlite => "(SELECT value FROM json_each($2))",
            Self::Postgres => "(SELECT json_array_elements_text($2::json))",
        }
    }

    fn read(self, (column, kind): (&str, Kind)) -> String {
        match (self, kind) {
            (Self::Postgres, Kind::Json | Kind::Jsonb) => format!("CAST({column} AS TEXT)"),
            _ => column.to_owned(),
        }
    }

    fn write(self, number: usize, kind: Kind) -> String {
        match (self, kind) {
            (Self::Postgres, Kind::Json) => format!("CAST(${number}::text AS JSON)"),
            (Self::Postgres, Kind::Jsonb) => format!("CAST(${number}::text AS JSONB)"),
            _ => format!("${number}"),
        }
    }
}

impl Table {
    /// The rows of some units of a tenant.
    pub(super) fn select(&self, dialect: Dialect) -> String {
        let columns: Vec<_> = self.columns.iter().map(|&column| dialect.read(column)).collect();
        let Self { name, unit, order, .. } = self;
        let (columns, named) = (columns.join(", "), dialect.named());
        format!("SELECT {columns} FROM {name} WHERE tenant_id = $1 AND {unit} IN {named} ORDER BY {order}")
    }

    /// The rows of one unit behind the place `$3` in its order.
    pub(super) fn select_behind(&self, dialect: Dialect) -> Option<String> {
        let Writing::InOrder(place) = self.writing else { return None };
        let columns: Vec<_> = self.columns.iter().map(|&column| dialect.read(column)).collect();
        let Self { name, unit, .. } = self;
        let columns = columns.join(", ");
        Some(format!(
            "SELECT {columns} FROM {name} WHERE tenant_id = $1 AND {unit} = $2 AND {place} > $3 ORDER BY {place}"
        ))
    }

    /// So many rows of a tenant, which is `$1`; their columns follow.
    pub(super) fn insert(&self, dialect: Dialect, rows: usize) -> String {
        let columns: Vec<_> = self.columns.iter().map(|(column, _)| *column).collect();
        let width = columns.len();
        let row = |row: usize| {
            let numbers = (row * width + 2)..;
            let values: Vec<_> =
                self.columns.iter().zip(numbers).map(|((_, kind), i)| dialect.write(i, *kind)).collect();
            format!("($1, {})", values.join(", "))
        };
        let values: Vec<_> = (0..rows).map(row).collect();
        let conflict = match self.writing {
            Writing::InOrder(_) => String::new(),
            Writing::Once => "ON CONFLICT DO NOTHING".to_owned(),
            Writing::Again(key) => {
                let changes: Vec<_> = columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
                format!("ON CONFLICT ({key}) DO UPDATE SET {}", changes.join(", "))
            }
        };
        let (name, columns, values) = (self.name, columns.join(", "), values.join(", "));
        format!("INSERT INTO {name} (tenant_id, {columns}) VALUES {values} {conflict}")
    }

    /// The deletion of some units of a tenant.
    pub(super) fn delete(&self, dialect: Dialect) -> String {
        format!("DELETE FROM {} WHERE tenant_id = $1 AND {} IN {}", self.name, self.unit, dialect.named())
    }

    /// The units that may have changed.
    pub(super) fn listing(&self, dialect: Dialect) -> &'static str {
        match (dialect, self.found) {
            (Dialect::Sqlite, Found::ByExecution { listing }) => listing,
            _ => self.listing,
        }
    }

    /// The tenant's rows, named `t`.
    fn of_tenant(&self, dialect: Dialect, span: Span) -> String {
        let name = self.name;
        let (ran, join) = match (dialect, self.found, span) {
            (_, Found::ByTenant, _) | (Dialect::Postgres, _, Span::Ever) => {
                return format!("{name} t WHERE t.tenant_id = $1");
            }
            (Dialect::Postgres, ..) => (POSTGRES_RAN_SINCE, "JOIN"),
            (Dialect::Sqlite, _, Span::Ever) => (sqlite_ran!(since "''"), "CROSS JOIN"),
            (Dialect::Sqlite, _, Span::Since) => (sqlite_ran!(since "$2"), "CROSS JOIN"),
        };
        format!("{ran} {join} {name} t ON t.execution_id = ran.execution_id WHERE t.tenant_id = $1")
    }

    /// How many rows a tenant has.
    pub(super) fn count(&self, dialect: Dialect) -> String {
        format!("SELECT COUNT(*) FROM {}", self.of_tenant(dialect, Span::Ever))
    }

    /// How many rows each unit of a tenant has.
    pub(super) fn count_units(&self, dialect: Dialect) -> String {
        format!("SELECT t.{0}, COUNT(*) FROM {1} GROUP BY t.{0}", self.unit, self.of_tenant(dialect, Span::Ever))
    }

    /// The deletion of some of a tenant's rows, `$2` at most: SQLite's part, whose tables have no owner. It looks each time whether the
    /// tenant lives elsewhere, and the move is still `$3`: much may have happened since the last.
    fn clear(&self) -> String {
        let name = self.name;
        // A table without row ids has its key for them.
        let row = if let Writing::Again(key) = self.writing { format!("({key})") } else { "rowid".to_owned() };
        let key = row.trim_matches(['(', ')']);
        let some = match self.found {
            Found::ByTenant => format!("{row} IN (SELECT {key} FROM {name} WHERE tenant_id = $1 LIMIT $2)"),
            Found::ByExecution { .. } => {
                "execution_id IN (SELECT execution_id FROM ledger_alone WHERE tenant_id = $1 LIMIT $2)".to_owned()
            }
        };
        format!(
            "DELETE FROM {name} WHERE tenant_id = $1 AND {some} \
             AND EXISTS (SELECT 1 FROM placements WHERE tenant_id = $1 AND move_id = $3 \
             AND (database_url IS NOT NULL OR state IN ('arriving', 'leaving')))"
        )
    }
}

/// What came of which executions is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Ever,
    /// Of those since the time `$2` that ids begin with.
    Since,
}

impl Span {
    pub(super) fn of(since: &str) -> Self {
        if since.is_empty() { Self::Ever } else { Self::Since }
    }
}

/// The way by few executions to what came of them, instead of through all of it.
const POSTGRES_RAN_SINCE: &str =
    "(SELECT execution_id FROM executions WHERE tenant_id = $1 AND execution_id >= 'exec-' || $2) ran";

/// What clears a tenant's rows away, each as long as it finds some. Messages go with their executions; ledger entries are found once
/// they are alone. Else what refers to others goes before them.
pub(super) fn clearings() -> Vec<String> {
    let mut tables: Vec<_> = TABLES.iter().rev().filter(|table| table.is_whole && table.name != "messages").collect();
    tables.sort_by_key(|table| table.name != "executions");
    tables.into_iter().map(Table::clear).collect()
}

/// How many rows a tenant has in each table of which there is nothing else, in one answer.
pub(super) fn counts(dialect: Dialect, span: Span) -> String {
    let count = |(place, table): (usize, &Table)| {
        format!("SELECT CAST({place} AS BIGINT), COUNT(*) FROM {}", table.of_tenant(dialect, span))
    };
    let counts: Vec<_> = TABLES.iter().filter(|table| table.is_whole).enumerate().map(count).collect();
    format!("{} ORDER BY 1", counts.join(" UNION ALL "))
}

/// What the ledger comes to: input and output tokens, and cost.
pub(super) fn ledger_sums(dialect: Dialect, span: Span) -> String {
    let ledger = TABLES.iter().find(|table| table.name == "ledger").expect("the ledger moves");
    let sum = |column| format!("CAST(COALESCE(SUM(t.{column}), 0) AS BIGINT)");
    let sums = ["input_tokens", "output_tokens", "cost_micros"].map(sum).join(", ");
    format!("SELECT {sums} FROM {}", ledger.of_tenant(dialect, span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::plans::scans;

    #[tokio::test]
    async fn a_tenants_rows_are_found_by_an_index() {
        let dialect = Dialect::Sqlite;
        let of_table = |table: &Table| {
            let listing = table.listing(dialect).to_owned();
            let behind = table.select_behind(dialect);
            let rest = [table.count(dialect), table.count_units(dialect), table.select(dialect), table.delete(dialect)];
            rest.into_iter().chain(behind).chain([listing])
        };
        let sums =
            [Span::Ever, Span::Since].into_iter().flat_map(|span| [counts(dialect, span), ledger_sums(dialect, span)]);
        let of_all = clearings().into_iter().chain(sums);
        let statements: Vec<_> = TABLES.iter().flat_map(of_table).chain(of_all).collect();
        assert_eq!(scans(statements).await, Vec::new());
    }
}
