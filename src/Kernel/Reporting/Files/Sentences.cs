using System.Globalization;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting.Files;

/// <summary>The filters of an exported table in words, with names in place of ids.</summary>
internal static class Sentences
{
    /// <summary>Those of a list.</summary>
    public static async Task<IReadOnlyList<string>> Of(Db db, Choices choices, Function function, ListRequest request, Viewer viewer, CancellationToken ct)
    {
        var days = (request.From, request.To) switch
        {
            ({ } from, { } to) => $"{Day(from)} to {Day(to)}",
            ({ } from, null) => $"from {Day(from)}",
            (null, { } to) => $"until {Day(to)}",
            _ => null,
        };
        return
        [
            .. days is null ? Array.Empty<string>() : [days],
            .. string.IsNullOrWhiteSpace(request.Q) ? Array.Empty<string>() : [$"Number: {request.Q.Trim()}"],
            .. await Named(db, choices, function, request.Filters, viewer, ct),
        ];
    }

    /// <summary>Those of a report, without its range of days.</summary>
    public static async Task<IReadOnlyList<string>> Of(Db db, Choices choices, Function function, ReportRequest request, Viewer viewer, CancellationToken ct) =>
    [
        .. string.IsNullOrEmpty(request.Branch) ? Array.Empty<string>() : [$"Branch: {Branches(request.Branch, viewer)}"],
        .. await Named(db, choices, function, request.Filters, viewer, ct),
    ];

    private static async Task<IReadOnlyList<string>> Named(
        Db db, Choices choices, Function function, IReadOnlyDictionary<string, string> filters, Viewer viewer, CancellationToken ct)
    {
        var sentences = new List<string>();
        var columns = ListColumns.Of(function, _ => true);
        foreach (var (key, text) in filters)
        {
            var column = columns.FirstOrDefault(one => one.Key == key);
            var dimension = Dimension.Find(function, key);
            var kind = column?.Choices ?? dimension?.Choices;
            var named = kind is null ? null : (await choices.Name(db, kind, [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)], viewer, ct)).Value;
            var shown = key == "branch" ? Branches(text, viewer) : named is null ? text : string.Join(", ", named.Select(choice => choice.Label));
            sentences.Add($"{column?.Label ?? dimension?.Label ?? key}: {shown}");
        }

        return sentences;
    }

    private static string Branches(string text, Viewer viewer) => string.Join(", ",
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => viewer.Organisation.FindBranch(one)?.Name ?? one));

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
