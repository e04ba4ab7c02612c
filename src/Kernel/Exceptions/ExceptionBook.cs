using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Exceptions;

/// <summary>Raises what somebody should look at, in the transaction in which it happened.</summary>
/// <remarks>
/// A repeat about the same subject within the quiet window of its rule is folded: the item that is not resolved counts one more and remembers when.
/// Each time is a fact and a step of the item's history all the same. Nothing here waits for the database but the settings, which are cached.
/// </remarks>
public sealed class ExceptionBook(ExceptionRules rules, TimeProvider clock)
{
    private static readonly Table Items = new Table("exception_item",
        ("id", Kind.Id), ("rule", Kind.Text), ("function", Kind.Text), ("severity", Kind.Text), ("branch_id", Kind.Id), ("document_id", Kind.Id), ("session_id", Kind.Id),
        ("message", Kind.Text), ("raised_at", Kind.Instant), ("business_date", Kind.Date), ("hour", Kind.Long), ("state", Kind.Text), ("fold_key", Kind.Text), ("count", Kind.Long),
        ("last_seen_at", Kind.Instant), ("owner_role", Kind.Text), ("escalate_minutes", Kind.Long), ("escalate_role", Kind.Text), ("escalates_at", Kind.Instant), ("escalate_then", Kind.Text))
        .On("on conflict (fold_key) do update set count = exception_item.count + excluded.count, last_seen_at = excluded.last_seen_at, message = excluded.message");

    /// <summary>One thing that a rule caught.</summary>
    /// <param name="About">Header of the document; of what has none, a header whose id is the session or another id of the thing.</param>
    /// <param name="Message">What is told.</param>
    /// <param name="IsDocument">False for a header that stands for something else than a document.</param>
    public sealed record Caught(Header About, string Message, bool IsDocument = true);

    /// <summary>A rule of a function as it holds at a branch.</summary>
    /// <exception cref="InvariantBrokenException">The function does not declare the rule.</exception>
    public ValueTask<RuleInForce> Rule(Function function, string rule, Guid branch, CancellationToken ct = default) => rules.InForce(
        function.Exceptions.FirstOrDefault(exception => exception.Code == rule) ?? throw new InvariantBrokenException($"{function.Code} does not declare the exception {rule}."), branch, ct);

    /// <summary>Gathers an exception and its fact, unless the rule is switched off at the branch.</summary>
    /// <param name="tx">The transaction.</param>
    /// <param name="function">The function.</param>
    /// <param name="rule">The rule; one that the function declares.</param>
    /// <param name="about">Header of what it is about.</param>
    /// <param name="message">What is told.</param>
    /// <param name="stamp">Who and when.</param>
    /// <param name="isDocument">False when the header stands for a session.</param>
    /// <param name="ct">Cancellation.</param>
    public async ValueTask Raise(Tx tx, Function function, string rule, Header about, string message, Stamp stamp, bool isDocument = true, CancellationToken ct = default) =>
        Raise(tx, function, await Rule(function, rule, about.BranchId, ct), [new Caught(about, message, isDocument)], stamp);

    /// <summary>Gathers what a rule caught at one branch as one set.</summary>
    public void Raise(Tx tx, Function function, RuleInForce rule, IReadOnlyList<Caught> caught, Stamp stamp)
    {
        if (!rule.Active || caught.Count == 0) return;
        var keyed = caught.Select(one => (Id: Ids.New(clock), One: one)).Select(one => (one.Id, Key: KeyOf(rule, one.One, one.Id, stamp), one.One)).ToList();
        var keys = keyed.Select(one => one.Key).Distinct(StringComparer.Ordinal).ToList();
        if (rule.QuietMinutes > 0)
            tx.Stage($"update exception_item set fold_key = null where fold_key {Sql.List(keys)} and last_seen_at < {Dialect.Micro(stamp.At.AddMinutes(-rule.QuietMinutes))}");
        DateTimeOffset? escalates = rule.Escalates ? Dialect.Micro(stamp.At.AddMinutes(rule.EscalateMinutes)) : null;
        tx.Insert(Items, [.. keyed.GroupBy(one => one.Key, StringComparer.Ordinal).Select(group =>
        {
            var (first, last) = (group.First(), group.Last().One);
            var about = first.One.About;
            return new object?[]
            {
                first.Id, rule.Declared.Code, function.Code, rule.Severity, about.BranchId, first.One.IsDocument ? about.Id : null, about.SessionId, last.Message, stamp.At, stamp.BusinessDate,
                (long)stamp.Hour, "open", group.Key, (long)group.Count(), stamp.At, rule.OwnerRole, (long)rule.EscalateMinutes, rule.EscalateRole, escalates, rule.EscalateThen,
            };
        })]);
        Steps(tx, keyed, stamp);
        Facts.StageAll(tx, caught.Select(one => (stamp, new Fact { Document = one.About, Event = "exception", Amount = one.About.Total, D1 = rule.Declared.Code })));
    }

    /// <summary>The history of each item, found by the key that a new item and the one it was folded into share.</summary>
    private void Steps(Tx tx, IReadOnlyList<(Guid Id, string Key, Caught One)> keyed, Stamp stamp)
    {
        var rows = keyed.Select(one => (Sql)$"select {Ids.New(clock)} as id, {one.Id} as item, {one.Key} as fold_key, {one.One.Message} as text, {(one.One.IsDocument ? one.One.About.Id : Guid.Empty)} as document_id");
        tx.Stage($"""
            insert into exception_step (id, exception_id, at, user_id, step, text, document_id)
            select v.id, i.id, {stamp.At}, {stamp.Actor.UserId}, case when i.id = v.item then 'raised' else 'repeated' end, v.text, nullif(v.document_id, {Guid.Empty})
            from ({Sql.Join(" union all ", rows)}) v join exception_item i on i.fold_key = v.fold_key
            """);
    }

    private static string KeyOf(RuleInForce rule, Caught caught, Guid id, Stamp stamp) =>
        rule.QuietMinutes == 0 ? $"{rule.Declared.Code}|{id:D}"
        : rule.Declared.Fold == FoldBy.BranchAndUser ? $"{rule.Declared.Code}|{caught.About.BranchId:D}|{stamp.Actor.UserId:D}"
        : $"{rule.Declared.Code}|{caught.About.Id:D}";
}
