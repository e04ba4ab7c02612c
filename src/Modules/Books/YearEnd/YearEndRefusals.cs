using Plug1.Kernel;

namespace Plug1.Books.YearEnd;

/// <summary>Why a close of a year says no.</summary>
internal static class YearEndRefusals
{
    public static Refusal LastDayInvalid { get; } = new("YEAR_LAST_DAY_INVALID", "A year ends on the last day of a month that is over, since 1990.", "/lastDay");

    public static Refusal TooLong(DateOnly first) => new("YEAR_TOO_LONG", $"The year begins on {first:yyyy-MM-dd}, after the one that was closed last, and has at most 18 months.", "/lastDay");

    public static Refusal Closed { get; } = new("YEAR_CLOSED", "This year is closed; reverse its close first.", "/lastDay", 409);

    public static Refusal NotReady(IReadOnlyList<YearEndCheck> failed) => new("YEAR_NOT_READY", string.Join(" ", failed.Select(check => check.Text)), "/lastDay", 409,
        new Dictionary<string, object?> { ["checks"] = failed.Select(check => check.Code).ToList() });

    public static Refusal NothingToClose { get; } = new("YEAR_EMPTY", "Nothing was earned or spent in this year: there is nothing to close.", "/lastDay", 409);

    public static Refusal LaterClosed { get; } = new("YEAR_LATER_CLOSED", "A later year is closed; reverse its close first.", "/status", 409);

    public static Refusal MirrorNotReversed { get; } = new("YEAR_END_IS_MIRROR", "A mirror is not reversed; close the year again.", "/status", 409);
}
