using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Plug1.Http;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Pointer">Where, as a JSON pointer (RFC 6901) into the body.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Detail">One sentence.</param>
public sealed record ProblemError(string Pointer, string Code, string Detail);

/// <summary>Says in the words of the request, not of this program, why a body cannot be read.</summary>
public static partial class BodyErrors
{
    /// <summary>What a failure of the JSON reader means.</summary>
    public static IReadOnlyList<ProblemError> Of(JsonException failure)
    {
        var pointer = Pointer(failure.Path);
        if (Missing().Match(failure.Message) is { Success: true } missing)
        {
            return [.. Quoted().Matches(missing.Groups["names"].Value)
                .Select(name => new ProblemError($"{pointer}/{Escape(name.Groups["name"].Value)}", "MEMBER_REQUIRED", "This member is required."))];
        }

        if (Unknown().Match(failure.Message) is { Success: true } unknown)
            return [new ProblemError(Ending(pointer, unknown.Groups["name"].Value), "MEMBER_UNKNOWN", "There is no such member here.")];
        if (NullElement().Match(failure.Message) is { Success: true } element)
            return [new ProblemError($"{pointer}/{Escape(element.Groups["name"].Value)}/{element.Groups["at"].Value}", "MEMBER_REQUIRED", "An element of a list may not be null.")];
        if (failure.Message.Contains("uplicate property", StringComparison.Ordinal))
            return [new ProblemError(pointer, "MEMBER_TWICE", "This member stands here twice.")];
        if (failure.Message.Contains("null", StringComparison.Ordinal) && failure.Message.Contains("allow", StringComparison.Ordinal))
            return [new ProblemError(pointer, "MEMBER_REQUIRED", "This member may not be null.")];
        return failure.InnerException is JsonException || failure.GetType() != typeof(JsonException)
            ? [new ProblemError(pointer, "JSON_MALFORMED", $"This is not JSON, from line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1} on.")]
            : [new ProblemError(pointer, "VALUE_INVALID", "This value has not the form that is expected here.")];
    }

    /// <summary>Turns <c>$.lines[0]['unit price']</c> into <c>/lines/0/unit price</c>.</summary>
    public static string Pointer(string? path)
    {
        if (path is null) return "";
        var pointer = new StringBuilder();
        foreach (Match step in Step().Matches(path))
            pointer.Append('/').Append(Escape(step.Groups["step"].Value));
        return pointer.ToString();
    }

    private static string Escape(string name) => name.Replace("~", "~0").Replace("/", "~1");

    private static string Ending(string pointer, string name) =>
        pointer.EndsWith($"/{Escape(name)}", StringComparison.Ordinal) ? pointer : $"{pointer}/{Escape(name)}";

    [GeneratedRegex("missing required properties including: (?<names>.+)", RegexOptions.Singleline, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex("'(?<name>[^']*)'", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("^The JSON property '(?<name>[^']*)' could not be mapped", RegexOptions.None, 1000)]
    private static partial Regex Unknown();

    [GeneratedRegex("^The element (?<at>[0-9]+) of '(?<name>[^']*)' is null", RegexOptions.None, 1000)]
    private static partial Regex NullElement();

    [GeneratedRegex(@"\.(?<step>[^.\[\]]+)|\['(?<step>(?:[^']|'(?!\]))*)'\]|\[(?<step>\d+)\]", RegexOptions.None, 1000)]
    private static partial Regex Step();
}
