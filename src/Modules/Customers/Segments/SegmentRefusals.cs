using Plug1.Kernel;

namespace Plug1.Customers.Segments;

/// <summary>Every reason for which segmentation says no, in the order in which it is asked.</summary>
internal static class SegmentRefusals
{
    public static Refusal CodeInvalid { get; } = new("SEGMENTS_CODE_INVALID", "A code has 1 to 40 letters, digits, dashes, dots or underscores.", "/code");

    public static Refusal CodeStays { get; } = new("SEGMENTS_CODE_STAYS", "The code of a segment stays as it is.", "/code");

    public static Refusal Choice(string at, params IReadOnlyList<string> words) => new("SEGMENTS_CHOICE_INVALID", $"It is one of {string.Join(", ", words)}.", at);

    public static Refusal ColourInvalid { get; } = new("SEGMENTS_COLOUR_INVALID", "A colour is # and six hexadecimal digits.", "/colour");

    public static Refusal EmptyRule(string at) => new("SEGMENTS_EMPTY_RULE", "A rule has at least one condition; a group at least one part.", at);

    public static Refusal UnknownMember(string name, string at) => new("SEGMENTS_RULE_MEMBER", "A rule is all, any or not, or a measure with op and value.", $"{at}/{Escaped(name)}");

    public static Refusal Depth(string at) => new("SEGMENTS_DEPTH", $"A rule has at most {Rule.MostLevels} levels.", at);

    public static Refusal TooMany(string at) => new("SEGMENTS_TOO_MANY", $"A rule has at most {Rule.MostConditions} conditions.", at);

    public static Refusal UnknownMeasure(string at) => new("SEGMENTS_UNKNOWN_MEASURE", "There is no such measure.", at);

    public static Refusal TypeMismatch(string at, string message) => new("SEGMENTS_TYPE_MISMATCH", message, at);

    public static Refusal TypeNeeds(string type, string what) => new("SEGMENTS_TYPE_NEEDS", $"A segment of the type {type} uses {what}.", "/type");

    public static Refusal Cycle(string code) => new("SEGMENTS_CYCLE", $"The segment would be in itself, by way of {code}.", "/definition");

    public static Refusal InUse(string code) => new("SEGMENTS_IN_USE", $"The segment {code} uses it.", "/status", 409);

    public static Refusal NotReversed { get; } = new("SEGMENTS_NOT_REVERSED", "What is defined here is not reversed: bring in a new version, or retire it.", "/status", 409);

    public static Refusal NotActive { get; } = new("SEGMENTS_NOT_ACTIVE", "No version of this segment is in force.", "/status", 409);

    public static Refusal Superseded { get; } = new("SEGMENTS_SUPERSEDED", "Another version is in force.", "/status", 409);

    public static Refusal Running { get; } = new("SEGMENTS_RUNNING", "This runs already, or waits to run.", Status: 409);

    public static Refusal BinsInvalid { get; } = new("SEGMENTS_BINS_INVALID", "There are 3 to 5 scores.", "/bins");

    public static Refusal WindowInvalid { get; } = new("SEGMENTS_WINDOW_INVALID", "A window has 1 to 120 months.", "/windowMonths");

    public static Refusal BandsInvalid(string at) => new("SEGMENTS_BANDS_INVALID", "There is one limit fewer than scores, the worst first: days falling, all others rising.", at);

    public static Refusal GridInvalid(string at) => new("SEGMENTS_GRID_INVALID", "A cell has a name and scores from 1 to the number of scores; every pair of scores is in a cell.", at);

    public static Refusal HorizonInvalid { get; } = new("SEGMENTS_HORIZON_INVALID", "A horizon has 1 to 60 months.", "/horizonMonths");

    public static Refusal DiscountInvalid { get; } = new("SEGMENTS_DISCOUNT_INVALID", "The discount of a month is a rate from 0 to 0.2.", "/monthlyRate");

    public static Refusal ModelData(long repeats) => new("SEGMENTS_MODEL_DATA", $"A model needs {Clv.FewestRepeatCustomers} customers who came back; there are {repeats}.", Detail: new Dictionary<string, object?> { ["repeatCustomers"] = repeats });

    public static Refusal PartyUnknown { get; } = new("SEGMENTS_PARTY_UNKNOWN", "There is no such customer.", Status: 404);

    public static Refusal SegmentUnknown { get; } = new("SEGMENTS_UNKNOWN", "There is no such segment.", Status: 404);

    public static Refusal DayInvalid(string at) => new("SEGMENTS_DAY_INVALID", "A day is written as 2026-03-31, from 1990 on and not after today; the first not after the last.", at, 400);

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
