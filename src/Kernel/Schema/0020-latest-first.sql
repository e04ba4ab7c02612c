-- The latest of all exceptions, resolved ones among them, of all decided approvals, and the requests of some days: read along an index, however
-- many there have been.
-- both
create index exception_by_age on exception_item (raised_at, id);
create index approval_request_by_age on approval_request (requested_at, id);
create index approval_request_of_function on approval_request (function, requested_at);
