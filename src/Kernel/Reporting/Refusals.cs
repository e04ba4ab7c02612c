namespace Plug1.Kernel.Reporting;

/// <summary>Why a list or a report says no, in the order in which it is checked.</summary>
public static class Refusals
{
    /// <summary>The range ends before it begins, or is longer than ten years.</summary>
    public static Refusal RangeInvalid(string most = "ten years") => new("RANGE_INVALID", $"The range of days must begin before it ends and have at most {most}.", "/from");

    /// <summary>A list in a request has too few or too many members.</summary>
    public static Refusal ItemsCount(int most, string what, string at) => new("ITEMS_COUNT", $"Between 1 and {most} {what}.", at);

    /// <summary>No such dimension.</summary>
    public static Refusal GroupUnknown(string key) => new("GROUP_UNKNOWN", $"'{key}' is nothing that this can be grouped by.", "/groupBy");

    /// <summary>No such measure, or none that the reader may see.</summary>
    public static Refusal MeasureUnknown(string key) => new("MEASURE_UNKNOWN", $"There is no measure '{key}' here.", "/measure");

    /// <summary>No such filter.</summary>
    public static Refusal FilterUnknown(string key) => new("FILTER_UNKNOWN", $"'{key}' is nothing that this can be filtered by.", $"/{key}");

    /// <summary>The filter's value is not of its type.</summary>
    public static Refusal FilterInvalid(string key, string value) => new("FILTER_INVALID", $"'{value}' is no value of '{key}'.", $"/{key}");

    /// <summary>No such column to sort by.</summary>
    public static Refusal SortUnknown(string key) => new("SORT_UNKNOWN", $"'{key}' is nothing that this can be sorted by.", "/sort");

    /// <summary>Sorting by this column would read all there is.</summary>
    public static Refusal SortNeedsRange(string key) =>
        new("SORT_NEEDS_RANGE", $"To sort by '{key}', choose a range of at most {LongestSortedDays} days with 'from' and 'to'.", "/from");

    /// <summary>How many days a list may span that is sorted by a column without an index.</summary>
    public const int LongestSortedDays = 93;

    /// <summary>The limit is not between 1 and the most.</summary>
    public static Refusal LimitInvalid(int most) => new("LIMIT_INVALID", $"The limit is between 1 and {most}.", "/limit");

    /// <summary>The cursor is not one that this list gave.</summary>
    public static Refusal CursorInvalid() => new("CURSOR_INVALID", "This cursor is not one that this list gave.", "/after");

    /// <summary>A parameter has a word that it does not know.</summary>
    public static Refusal ParameterInvalid(string name, string value) => new("PARAMETER_INVALID", $"'{value}' is no value of '{name}'.", $"/{name}");

    /// <summary>There are more rows than a file takes.</summary>
    public static Refusal ExportTooLarge(int most, string format) => new(
        "EXPORT_TOO_LARGE",
        format == "pdf"
            ? $"This has more than {most:N0} rows, more than a PDF takes. Choose XLSX or CSV, a shorter range of days or more filters."
            : $"This has more than {most:N0} rows, more than a file takes. Choose a shorter range of days or more filters, and fetch it in parts.",
        "/format", Detail: new Dictionary<string, object?> { ["most"] = most });

    /// <summary>So many files are being written that another would keep people waiting.</summary>
    public static Refusal ExportBusy() => new("EXPORT_BUSY", "Other files are being written. Try again in a minute.", Status: 429);

    /// <summary>No such column to show.</summary>
    public static Refusal FieldUnknown(string key) => new("FIELD_UNKNOWN", $"'{key}' is no column of this list.", "/fields");

    /// <summary>There are no values of that kind to choose from here.</summary>
    public static Refusal ChoicesUnknown(string kind) => new("CHOICES_UNKNOWN", $"There is nothing to choose from by the name '{kind}'.", Status: 404);

    /// <summary>There is nothing of that name or id, or the reader may not see it.</summary>
    public static Refusal NotFound(string what) => new("NOT_FOUND", $"There is no such {what}.", Status: 404);
}
