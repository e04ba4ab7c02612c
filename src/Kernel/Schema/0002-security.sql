-- Who may sign in, what they may do, and what proves it. Types and sections as explained in 0001.
-- both

insert into config_stamp (area, stamp) values ('sessions', 1);

-- user_key is the user name in capitals. A user is never deleted, since documents name them; they are deactivated.
create table app_user (
  id {id} primary key,
  user_name text not null,
  user_key text not null unique,
  name text not null,
  password_hash text,
  security_stamp text not null,
  totp_secret {bytes},
  totp_pending {bytes},
  totp_recent text not null default '',
  active {bool} not null default true,
  must_change {bool} not null default false,
  created_at {instant} not null,
  last_sign_in_at {instant},
  version {long} not null default 1,
  check (password_hash is null or id <> '00000000-0000-7000-8000-000000000001')
);
insert into app_user (id, user_name, user_key, name, security_stamp, created_at)
  values ('00000000-0000-7000-8000-000000000001', 'system', 'SYSTEM', 'System', 'none', '1970-01-01T00:00:00.000000Z');

-- Failed attempts by a hash of the name that was typed, whether such a user exists or not: locking tells nothing about it.
create table sign_in_attempt (
  name_hash text primary key,
  failed {long} not null,
  locked_until {instant},
  last_at {instant} not null
);
create index sign_in_attempt_by_age on sign_in_attempt (last_at);

create table role (
  code text primary key,
  name text not null,
  template {bool} not null default false
);

create table role_permission (
  role text not null references role (code),
  permission text not null,
  primary key (role, permission)
);
create index role_permission_by_permission on role_permission (permission);

-- Which permissions have been seen: a default grant is given once, and stays away when an administrator takes it away.
create table declared_permission (
  permission text primary key,
  label text not null,
  sensitive {bool} not null default false,
  declared_at {instant} not null
);

-- Without a branch the role is held at every branch.
create table user_role (
  user_id {id} not null references app_user (id),
  role text not null references role (code),
  branch_id {id} references branch (id)
);
create unique index user_role_at_branch on user_role (user_id, role, branch_id) where branch_id is not null;
create unique index user_role_everywhere on user_role (user_id, role) where branch_id is null;
create index user_role_by_role on user_role (role, user_id);

create table user_session (
  id {id} primary key,
  token_hash text not null unique,
  user_id {id} not null references app_user (id),
  csrf text not null,
  created_at {instant} not null,
  seen_at {instant} not null,
  expires_at {instant} not null,
  address text,
  agent text
);
create index user_session_of_user on user_session (user_id);
create index user_session_by_expiry on user_session (expires_at);

create table api_token (
  id {id} primary key,
  token_hash text not null unique,
  prefix text not null,
  name text not null,
  user_id {id} not null references app_user (id),
  created_at {instant} not null,
  created_by {id} not null,
  expires_at {instant},
  revoked_at {instant},
  last_used_at {instant}
);
create index api_token_of_user on api_token (user_id);

-- A second person's word for one act of another: short-lived, for one permission at one branch, used once.
create table approval_grant (
  id {id} primary key,
  token_hash text not null unique,
  granted_by {id} not null references app_user (id),
  requested_by {id} not null,
  permission text not null,
  branch_id {id} not null,
  terminal text,
  reason text,
  created_at {instant} not null,
  expires_at {instant} not null,
  used_at {instant},
  used_by_document {id},
  check (granted_by <> requested_by)
);
create index approval_grant_by_expiry on approval_grant (expires_at);
create index approval_grant_of_document on approval_grant (used_by_document);
