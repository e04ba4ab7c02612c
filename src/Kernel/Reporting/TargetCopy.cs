using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting;

/// <summary>Targets that are made of what a past period reached.</summary>
/// <param name="Function">Function.</param>
/// <param name="Measure">Its measure; a sum, not a ratio.</param>
/// <param name="From">First day of the targets.</param>
/// <param name="To">Last day.</param>
/// <param name="SourceFrom">First day of the past period.</param>
/// <param name="SourceTo">Last day.</param>
/// <param name="Percent">What is added, such as <c>5</c> or <c>-2.5</c>; at most four decimals, from -100 to 1000.</param>
/// <param name="Branches">Whether each branch gets its target too; they sum to the company's.</param>
public sealed record TargetCopyDraft(string Function, string Measure, DateOnly From, DateOnly To, DateOnly SourceFrom, DateOnly SourceTo, string Percent, bool Branches);

/// <summary>Copies what a past period reached, and some per cent, as targets.</summary>
public static class TargetCopy
{
    /// <summary>The company's target, and the branches' that sum to it.</summary>
    /// <remarks>
    /// <para>Units: raw figures of the measure: minor units of money, millionths of a quantity, counts.</para>
    /// <para>Rounding: the company's is <c>sum × (100 + percent) ÷ 100</c>, once, half away from zero. It is split over the branches by what they
    /// reached, the largest remainder first, ties to the earlier branch, so that they sum to it.</para>
    /// <para>10.00, 10.00 and 10.01 with 5 % more is 31.51 (31.5105): 10.50, 10.50 and 10.51.</para>
    /// </remarks>
    /// <param name="actuals">What each branch reached.</param>
    /// <param name="percentMillionths">What is added, in millionths of a per cent.</param>
    /// <returns>The company's and each branch's, in the order given. Overflow throws.</returns>
    public static (long Company, long[] Branches) Grow(ReadOnlySpan<long> actuals, long percentMillionths)
    {
        Int128 sum = 0;
        foreach (var actual in actuals) sum += actual;
        var company = Rounding.DivideToLong(sum * (100_000_000 + percentMillionths), 100_000_000, Rounding.HalfAwayFromZero);
        return (company, sum == 0 ? new long[actuals.Length] : Split.Largest(company, actuals));
    }

    /// <summary>Sets the targets, over those of the same days.</summary>
    /// <returns>Refused with <c>FILTER_INVALID</c>, <c>MEASURE_UNKNOWN</c>, <c>RANGE_INVALID</c>, <c>TARGET_PERCENT_INVALID</c>,
    /// <c>TARGET_MEASURE_RATIO</c>, <c>TARGET_COPY_EMPTY</c>, <c>TARGET_INVALID</c>.</returns>
    public static async Task<Result<IReadOnlyList<TargetEntry>>> Run(
        Tx tx, FunctionCatalogue catalogue, Viewer viewer, TargetCopyDraft draft, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (catalogue.Find(draft.Function) is not { } function || !viewer.Sees(function)) return Refusals.FilterInvalid("function", draft.Function);
        if (function.Measures.FirstOrDefault(one => one.Key == draft.Measure) is not { } measure
            || (measure.Permission is { } action && !viewer.Actor.MayAnywhere($"{function.Code}.{action}"))) return Refusals.MeasureUnknown(draft.Measure);
        if (measure.Denominator is not null || measure.Type is not ("money" or "quantity" or "integer")) return new Refusal("TARGET_MEASURE_RATIO", "Only sums are copied; a ratio of the past is no target for the parts.", "/measure");
        if (draft.To < draft.From || draft.SourceTo < draft.SourceFrom || Math.Max(draft.To.DayNumber - draft.From.DayNumber, draft.SourceTo.DayNumber - draft.SourceFrom.DayNumber) > FactQuery.LongestDays) return Refusals.RangeInvalid();
        if (!DecimalText.TryParse(draft.Percent, 4, out var percent) || percent is < -1_000_000 or > 10_000_000)
            return new Refusal("TARGET_PERCENT_INVALID", "The percentage is a decimal from -100 to 1000 with at most 4 decimals.", "/percent");
        var scope = viewer.Scope($"{function.Code}.view");
        if (scope.IsRefused) return scope.Refusal;

        var plan = new FactQuery(function, [measure], ["branch"], draft.SourceFrom, draft.SourceTo) { Branches = scope.Value.Filter }.Plan();
        if (plan.IsRefused) return plan.Refusal;
        var sums = (await plan.Value.Run(tx, ct)).ToDictionary(row => Guid.Parse((string)row.Keys[0]), row => row.Sums[0].Value(measure.Type, viewer.Organisation.Company.Currency.Exponent) ?? 0);
        var parts = viewer.Organisation.Branches.Where(branch => sums.ContainsKey(branch.Id)).OrderBy(branch => branch.Code, StringComparer.Ordinal).ToList();
        if (parts.Count == 0 || parts.Sum(branch => (decimal)sums[branch.Id]) == 0) return new Refusal("TARGET_COPY_EMPTY", "Nothing was reached in that period, so there is nothing to copy.", "/sourceFrom");

        // Four decimals of a per cent are millionths of it after two more digits.
        var (company, shares) = Grow(parts.Select(branch => sums[branch.Id]).ToArray(), percent * 100);
        var wanted = new List<(Guid? Branch, long Amount)> { (null, company) };
        if (draft.Branches) wanted.AddRange(parts.Select((branch, at) => ((Guid?)branch.Id, shares[at])));
        return Result.Of(await Targets.Write(tx, function.Code, measure.Key, draft.From, draft.To, wanted, stamp, clock, ct));
    }
}
