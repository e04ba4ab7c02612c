using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>What a measure should reach from one day to another. The amount is raw: minor units, millionths or a count.</summary>
public sealed record TargetEntry(Guid Id, string Function, string Measure, Guid? BranchId, DateOnly From, DateOnly To, long Amount, long Version);

/// <summary>A target as it was typed.</summary>
public sealed record TargetDraft(string Function, string Measure, string? Branch, DateOnly From, DateOnly To, string Amount);

/// <summary>Targets of measures.</summary>
public static class Targets
{
    /// <summary>Targets, new or changed.</summary>
    internal static readonly Table Over = new Table("target",
        ("id", Kind.Id), ("function", Kind.Text), ("measure", Kind.Text), ("branch_id", Kind.Text), ("start_date", Kind.Date), ("end_date", Kind.Date), ("amount", Kind.Long))
        .On("on conflict (id) do update set amount = excluded.amount, version = target.version + 1");

    private const string Columns = "id, function, measure, branch_id, start_date, end_date, amount, version";

    /// <summary>Targets that touch a range, latest first, at most a thousand.</summary>
    public static async Task<IReadOnlyList<TargetEntry>> Page(Db db, string? function, string? measure, DateOnly? from, DateOnly? to, CancellationToken ct = default)
    {
        var tests = new List<Sql> { Sql.Raw("1 = 1") };
        if (function is not null) tests.Add($"function = {function}");
        if (measure is not null) tests.Add($"measure = {measure}");
        if (from is { } first) tests.Add($"end_date >= {first}");
        if (to is { } last) tests.Add($"start_date <= {last}");
        return await db.Query($"select {Sql.Raw(Columns)} from target where {Sql.Join(" and ", tests)} order by start_date desc, function, measure, branch_id limit 1000", Read, ct);
    }

    /// <summary>Sets a target, or changes the one of the same function, measure, branch and days.</summary>
    /// <returns>Refused with <c>FILTER_INVALID</c>, <c>MEASURE_UNKNOWN</c>, <c>RANGE_INVALID</c> or <c>TARGET_INVALID</c>.</returns>
    public static async Task<Result<TargetEntry>> Set(
        Tx tx, FunctionCatalogue catalogue, Viewer viewer, TargetDraft draft, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        var checkedDraft = Check(catalogue, viewer, draft);
        if (checkedDraft.IsRefused) return checkedDraft.Refusal;
        var (function, measure, branch, amount) = checkedDraft.Value;
        var place = PlaceOf(branch);
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var was = await tx.First($"""
            select {Sql.Raw(Columns)} from target
            where function = {function} and measure = {measure} and branch_id = {place} and start_date = {draft.From} and end_date = {draft.To}{lockRow}
            """, Read, ct);
        var now = new TargetEntry(was?.Id ?? Ids.New(clock), function, measure, branch, draft.From, draft.To, amount, (was?.Version ?? 0) + 1);
        if (was is null)
            tx.Stage($"insert into target (id, function, measure, branch_id, start_date, end_date, amount) values ({now.Id}, {now.Function}, {now.Measure}, {place}, {now.From}, {now.To}, {amount})");
        else
            tx.Stage($"update target set amount = {amount}, version = {now.Version} where id = {now.Id}");
        AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.targets", "configure", "target", now.Id,
            Before: was is null ? null : $$"""{"amount":{{was.Amount}}}""", After: $$"""{"amount":{{amount}}}"""), clock);
        return now;
    }

    /// <summary>Whether a target may be set so, and what it is in raw figures.</summary>
    /// <returns>Refused with <c>FILTER_INVALID</c>, <c>MEASURE_UNKNOWN</c>, <c>RANGE_INVALID</c> or <c>TARGET_INVALID</c>.</returns>
    internal static Result<(string Function, string Measure, Guid? Branch, long Amount)> Check(FunctionCatalogue catalogue, Viewer viewer, TargetDraft draft)
    {
        if (catalogue.Find(draft.Function) is not { } function || !viewer.Sees(function)) return Refusals.FilterInvalid("function", draft.Function);
        if (function.Measures.FirstOrDefault(one => one.Key == draft.Measure) is not { } measure) return Refusals.MeasureUnknown(draft.Measure);
        if (draft.To < draft.From || draft.To.DayNumber - draft.From.DayNumber > FactQuery.LongestDays) return Refusals.RangeInvalid();
        var branch = string.IsNullOrEmpty(draft.Branch) ? null : viewer.Organisation.FindBranch(draft.Branch);
        if (branch is null && !string.IsNullOrEmpty(draft.Branch)) return Refusals.FilterInvalid("branch", draft.Branch);
        var scale = measure.Type switch { "money" => viewer.Organisation.Company.Currency.Exponent, "quantity" or "price" or "rate" or "number" => 6, _ => 0 };
        if (!DecimalText.TryParse(draft.Amount, scale, out var amount)) return new Refusal("TARGET_INVALID", $"A target of this measure is a decimal with at most {scale} decimals.", "/amount");
        return (function.Code, measure.Key, branch?.Id, amount);
    }

    /// <summary>Sets several targets of one measure and the same days.</summary>
    internal static async Task<IReadOnlyList<TargetEntry>> Write(
        Tx tx, string function, string measure, DateOnly from, DateOnly to, IReadOnlyList<(Guid? Branch, long Amount)> wanted, Stamp stamp, TimeProvider clock, CancellationToken ct)
    {
        var lockRows = Dialect.ForUpdate(tx.Engine);
        var standing = (await tx.Query($"""
            select {Sql.Raw(Columns)} from target where function = {function} and measure = {measure} and start_date = {from} and end_date = {to} order by id{lockRows}
            """, Read, ct)).GroupBy(target => PlaceOf(target.BranchId), StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var entries = wanted.Select(one =>
        {
            var was = standing.GetValueOrDefault(PlaceOf(one.Branch));
            return (Was: was, Now: new TargetEntry(was?.Id ?? Ids.New(clock), function, measure, one.Branch, from, to, one.Amount, (was?.Version ?? 0) + 1));
        }).ToList();
        tx.Insert(Over, [.. entries.Select(entry => new object?[] { entry.Now.Id, function, measure, PlaceOf(entry.Now.BranchId), from, to, entry.Now.Amount })]);
        AuditTrail.StageAll(tx, entries.Select(entry => new AuditEvent(stamp, "kernel.targets", "configure", "target", entry.Now.Id,
            Before: entry.Was is null ? null : $$"""{"amount":{{entry.Was.Amount}}}""", After: $$"""{"amount":{{entry.Now.Amount}}}""")), clock);
        return [.. entries.Select(entry => entry.Now)];
    }

    /// <summary>How the branch of a target is kept: its id, or nothing for the company.</summary>
    internal static string PlaceOf(Guid? branch) => branch?.ToString("D") ?? "";

    private static TargetEntry Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Text(3) is { Length: > 0 } branch ? Guid.Parse(branch) : null, row.Date(4), row.Date(5), row.Long(6), row.Long(7));
}
