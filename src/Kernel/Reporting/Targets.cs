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
        if (catalogue.Find(draft.Function) is not { } function || !viewer.Sees(function)) return Refusals.FilterInvalid("function", draft.Function);
        if (function.Measures.FirstOrDefault(one => one.Key == draft.Measure) is not { } measure) return Refusals.MeasureUnknown(draft.Measure);
        if (draft.To < draft.From || draft.To.DayNumber - draft.From.DayNumber > FactQuery.LongestDays) return Refusals.RangeInvalid();
        var branch = string.IsNullOrEmpty(draft.Branch) ? null : viewer.Organisation.FindBranch(draft.Branch);
        if (branch is null && !string.IsNullOrEmpty(draft.Branch)) return Refusals.FilterInvalid("branch", draft.Branch);
        var scale = measure.Type switch { "money" => viewer.Organisation.Company.Currency.Exponent, "quantity" or "price" or "rate" or "number" => 6, _ => 0 };
        if (!DecimalText.TryParse(draft.Amount, scale, out var amount)) return new Refusal("TARGET_INVALID", $"A target of this measure is a decimal with at most {scale} decimals.", "/amount");

        var place = branch?.Id.ToString("D") ?? "";
        var lockRow = Dialect.ForUpdate(tx.Engine);
        var was = await tx.First($"""
            select {Sql.Raw(Columns)} from target
            where function = {function.Code} and measure = {measure.Key} and branch_id = {place} and start_date = {draft.From} and end_date = {draft.To}{lockRow}
            """, Read, ct);
        var now = new TargetEntry(was?.Id ?? Ids.New(clock), function.Code, measure.Key, branch?.Id, draft.From, draft.To, amount, (was?.Version ?? 0) + 1);
        if (was is null)
            tx.Stage($"insert into target (id, function, measure, branch_id, start_date, end_date, amount) values ({now.Id}, {now.Function}, {now.Measure}, {place}, {now.From}, {now.To}, {amount})");
        else
            tx.Stage($"update target set amount = {amount}, version = {now.Version} where id = {now.Id}");
        AuditTrail.Stage(tx, new AuditEvent(stamp, "kernel.targets", "configure", "target", now.Id,
            Before: was is null ? null : $$"""{"amount":{{was.Amount}}}""", After: $$"""{"amount":{{amount}}}"""), clock);
        return now;
    }

    private static TargetEntry Read(Row row) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Text(3) is { Length: > 0 } branch ? Guid.Parse(branch) : null, row.Date(4), row.Date(5), row.Long(6), row.Long(7));
}
