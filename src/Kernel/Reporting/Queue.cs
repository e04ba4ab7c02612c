using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting;

/// <summary>What waits: approvals first, then documents that are not posted.</summary>
internal static class Queue
{
    internal sealed record Waiting(Guid Id, string? Number, string Function, string What, long Amount, string Currency, DateTimeOffset Since);

    public static IReadOnlyList<Deferred<List<Waiting>>> Later(Db db, IReadOnlyList<(Function Function, BranchScope Scope)> scopes, int limit)
    {
        var answers = new List<Deferred<List<Waiting>>>();
        foreach (var (scope, codes) in ByScope(scopes))
        {
            var functions = Sql.List(codes);
            var approvals = scope.All ? Sql.Raw("") : $" and {Dialect.Common(db.Engine, "r.branch_id")} {Sql.List(scope.Ids)}";
            answers.Add(db.Later($"""
                select d.id, d.number, d.function, r.action, d.total, d.currency, r.requested_at from approval_request r join document d on d.id = r.document_id
                where r.state = 'open' and {Dialect.Common(db.Engine, "r.function")} {functions}{approvals} order by r.requested_at limit {limit}
                """, row => new Waiting(row.Guid(0), row.TextOrNull(1), row.Text(2), $"approve {row.Text(3)}", row.Long(4), row.Text(5), row.Instant(6))));
        }

        foreach (var (function, scope) in scopes)
        {
            var branches = scope.All ? Sql.Raw("") : $" and branch_id {Sql.List(scope.Ids)}";
            // A document that waits for an approval is in the queue already.
            foreach (var status in new[] { "draft", "submitted", "approved" })
                answers.Add(db.Later($"""
                    select id, number, function, status, total, currency, created_at from document d
                    where function = {function.Code} and status = {status}{branches}
                      and not exists (select 1 from approval_request r where r.document_id = d.id and r.state = 'open')
                    order by business_date desc limit {limit}
                    """, row => new Waiting(row.Guid(0), row.TextOrNull(1), row.Text(2), row.Text(3), row.Long(4), row.Text(5), row.Instant(6))));
        }

        return answers;
    }

    public static IReadOnlyList<QueueEntry> Of(IReadOnlyList<Deferred<List<Waiting>>> answers, DateTimeOffset now, int limit) =>
    [
        .. answers.SelectMany(answer => answer.Value).OrderByDescending(waiting => waiting.What.StartsWith("approve ", StringComparison.Ordinal)).ThenBy(waiting => waiting.Since).Take(limit)
            .Select(waiting => new QueueEntry(waiting.Id, waiting.Number, waiting.Function, waiting.What, waiting.Amount, waiting.Currency,
                Math.Max(0, (long)(now - waiting.Since).TotalMinutes))),
    ];

    /// <summary>Functions that share a scope, so that one statement asks for all of them.</summary>
    internal static IEnumerable<(BranchScope Scope, List<string> Codes)> ByScope(IReadOnlyList<(Function Function, BranchScope Scope)> scopes) =>
        scopes.GroupBy(scope => scope.Scope.All ? "" : string.Join(',', scope.Scope.Ids.Order()))
            .Select(group => (group.First().Scope, group.Select(scope => scope.Function.Code).ToList()));
}
