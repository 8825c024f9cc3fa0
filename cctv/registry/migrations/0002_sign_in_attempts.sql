-- Failed sign-ins are counted per name, whether or not there is such an account: a lock must not tell which names exist.
-- The names are hashed, because people type passwords into the wrong field.

create table sign_in_attempt (
    name_hash varchar primary key check (length(name_hash) > 0),
    failures integer not null check (failures > 0),
    locked_until timestamptz,
    last_at timestamptz not null
);

-- DuckDB cannot drop a column that a CHECK names: build the new table and swap.
create table account_new (
    username varchar primary key check (length(username) > 0),
    display_name varchar not null check (length(display_name) > 0),
    role varchar not null check (role in ('viewer', 'planner', 'operator', 'editor', 'admin')),
    agency_id varchar,
    active boolean not null,
    is_demo boolean not null,
    password_hash varchar not null,
    version integer not null check (version > 0)
);
insert into account_new
    select username, display_name, role, agency_id, active, is_demo, password_hash, version from account;
drop table account;
alter table account_new rename to account;
