-- Runs of background jobs that did something or failed, for a month.
-- both

create table job_run (
  id {id} primary key,
  job text not null,
  node text not null,
  started_at {instant} not null,
  ended_at {instant} not null,
  done {long} not null,
  error text
);
create index job_run_latest on job_run (started_at, id);
create index job_run_of_job on job_run (job, started_at, id);
