using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests;

/// <summary>The rules of the house, as far as the source text shows whether they are kept.</summary>
public sealed partial class Tidy
{
    private const int LongestMethod = 70;

    // Where a number with a binary point is right: none of these is money, a quantity, a price or a rate that is posted.
    private static readonly string[] BinaryFractionsAllowed =
    [
        "src/Kernel/Analytics/",         // statistics: forecasts, trends, concentration
        "src/Kernel/Reporting/Exports/", // geometry of a printed page, column widths
        "src/Http/Functions/Analytics",  // what the statistics answer: errors in per cent, concentration
        "src/Http/Operations/CentreAnswers.cs", // how far a day stood out
        "src/Modules/Customers/Directory/JaroWinkler.cs", // how alike two names are
        "src/Modules/Customers/Directory/MatchScore.cs",  // bits and probability that two records are one party
        "src/Modules/Customers/Segments/BgNbd.cs",        // fitted model of purchases: nothing of it is booked
        "src/Modules/Customers/Segments/GammaGamma.cs",   // fitted model of spend
        "src/Modules/Customers/Segments/Clv.cs",          // expected value of a customer: a forecast
        "src/Modules/Customers/Segments/Value",           // the fitted model as it is kept, and what it says of customers
        "src/Modules/Customers/Segments/SegmentDetail.cs", // its parameters as they are shown
    ];

    // Codes that the kernel and a function both declare, with the same meaning. The list may only become shorter: a code that
    // is mended must leave it, and a new one may not come in.
    private static readonly string[] DeclaredTwice =
    [
        "FOUR_EYES", "NOT_FOUND", "PERMISSION_DENIED", "POS_TENDER_NOT_ALLOWED", "PRICE_NOT_FOUND", "QUANTITY_INVALID",
        "REASON_REQUIRED", "STATUS_NOT_ALLOWED", "STOCK_LOT_REQUIRED",
    ];

    private static readonly SourceFile[] Ours = [.. SourceTree.Files("src", ".cs"), .. SourceTree.Files("tests", ".cs"), .. SourceTree.Files("bench", ".cs")];

    [Fact]
    public void Nobody_reads_the_machines_clock_past_the_TimeProvider() =>
        Offences(SourceTree.Files("src", ".cs"), MachineClock()).ShouldBeEmpty();

    [Fact]
    public void No_double_or_float_outside_analytics_and_the_named_places() =>
        Offences(SourceTree.Files("src", ".cs").Where(file => !BinaryFractionsAllowed.Any(allowed => file.Name.StartsWith(allowed, StringComparison.Ordinal))), BinaryFraction())
            .ShouldBeEmpty();

    [Fact]
    public void Nothing_is_left_for_later_and_no_test_is_skipped() =>
        Ours.SelectMany(file => Marker().Matches(file.Text).Select(found => $"{file.At(found.Index)}: {found.Value}")).Concat(Offences(Ours, LeftForLater()))
            .ShouldBeEmpty();

    [Fact]
    public void A_method_has_fewer_than_seventy_lines() =>
        Ours.SelectMany(LongMethods).ShouldBeEmpty();

    [Fact]
    public void Every_function_folder_has_its_readme() =>
        SourceTree.Files("src/Modules", ".cs")
            .Select(file => file.Name.Split('/'))
            .Where(parts => parts.Length > 4)
            .Select(parts => string.Join('/', parts.Take(4)))
            .Distinct()
            .Where(folder => !File.Exists(Path.Combine(SourceTree.Root, folder, "README.md")))
            .ShouldBeEmpty();

    [Fact]
    public void Links_in_documents_resolve() =>
        SourceTree.Files(".", ".md").SelectMany(BrokenLinks).ShouldBeEmpty();

    [Fact]
    public void A_refusal_code_is_declared_in_one_file_only() =>
        SourceTree.Files("src", ".cs")
            .SelectMany(file => RefusalCode().Matches(file.Text).Select(found => (Code: found.Groups["code"].Value, file.Name)))
            .Distinct()
            .GroupBy(found => found.Code)
            .Where(code => code.Count() > 1)
            .Select(code => code.Key)
            .Order(StringComparer.Ordinal)
            .ShouldBe(DeclaredTwice);

    [Fact]
    public void Migrations_are_numbered_and_no_number_is_used_twice_in_a_module()
    {
        var files = SourceTree.Files("src", ".sql").Select(file => file.Name).Where(name => name.Contains("/Schema/", StringComparison.Ordinal)).ToList();
        files.ShouldNotBeEmpty();

        files.Where(name => !MigrationName().IsMatch(name)).ShouldBeEmpty();
        files.GroupBy(name => name[..(name.LastIndexOf('/') + 5)]).Where(number => number.Count() > 1).Select(number => string.Join(", ", number)).ShouldBeEmpty();
    }

    [Fact]
    public void No_file_names_a_folder_of_one_machine() =>
        SourceTree.Files(".", ".cs", ".csproj", ".props", ".slnx", ".json", ".md", ".sql", ".sh", ".ts", ".tsx", ".css", ".html", ".mjs", ".js", ".yml", ".toml")
            .SelectMany(file => MachineFolder().Matches(file.Text).Select(found => $"{file.At(found.Index)}: {found.Value}"))
            .ShouldBeEmpty();

    [Fact]
    public void Scripts_stop_at_the_first_error() =>
        SourceTree.Files(".").Where(file => file.Text.StartsWith("#!/usr/bin/env bash", StringComparison.Ordinal) && !file.Text.Contains("\nset -euo pipefail\n", StringComparison.Ordinal))
            .Select(file => file.Name)
            .ShouldBeEmpty();

    private static IEnumerable<string> Offences(IEnumerable<SourceFile> files, Regex rule) => files
        .Select(file => file with { Text = SourceTree.CodeOnly(file.Text) })
        .SelectMany(file => rule.Matches(file.Text).Select(found => $"{file.At(found.Index)}: {found.Value}"));

    /// <summary>Blocks of braces whose head is no type: with the formatting that the build enforces, those are bodies of members.</summary>
    private static IEnumerable<string> LongMethods(SourceFile file)
    {
        var lines = SourceTree.CodeOnly(file.Text).Split('\n');
        for (var open = 1; open < lines.Length; open++)
        {
            if (lines[open].Trim() != "{" || IsHeadOfType(lines, open - 1)) continue;
            var indent = lines[open][..lines[open].IndexOf('{')];
            var close = Array.FindIndex(lines, open, line => line.StartsWith(indent + "}", StringComparison.Ordinal));
            if (close - open - 1 >= LongestMethod) yield return $"{file.Name}:{open}: {close - open - 1} lines";
        }
    }

    private static bool IsHeadOfType(string[] lines, int last)
    {
        for (var at = last; at >= 0; at--)
        {
            var line = lines[at].Trim();
            if (TypeHead().IsMatch(line)) return true;
            if (line.Length == 0 || (at < last && line[^1] is ';' or '}' or '{')) return false;
        }

        return false;
    }

    private static IEnumerable<string> BrokenLinks(SourceFile file)
    {
        foreach (Match link in Link().Matches(FencedCode().Replace(file.Text, "")))
        {
            var target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0
                ? Path.Combine(SourceTree.Root, file.Name)
                : Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(file.Name)!, Uri.UnescapeDataString(parts[0])));
            if (!File.Exists(path) && !Directory.Exists(path)) yield return $"{file.Name}: {target}";
            else if (parts.Length == 2 && File.Exists(path) && !Anchors(File.ReadAllText(path)).Contains(parts[1])) yield return $"{file.Name}: {target}";
        }
    }

    /// <summary>The anchors that a heading gets: lower case, spaces as hyphens, all other signs dropped.</summary>
    private static HashSet<string> Anchors(string markdown) =>
    [
        .. Heading().Matches(FencedCode().Replace(markdown, ""))
            .Select(heading => NoAnchorSign().Replace(heading.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Now|UtcNow|Today)\b|\bGuid\.NewGuid\b|pragma warning disable RS0030", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex MachineClock();

    [GeneratedRegex(@"(?<!@)\b(double|float|Half)\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex BinaryFraction();

    [GeneratedRegex(@"\bNotImplementedException\b|\bSkip\s*=\s*""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HAC[K])\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\b(class|struct|interface|enum|namespace|record)\b(?!\s*[?:,)>])", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```[\s\S]*?^```", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex FencedCode();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex NoAnchorSign();

    [GeneratedRegex(@"(?:\bnew\s+Refusal|=>\s*new|\}\s*=\s*new|Refusal\s+\w+\s*=\s*new)\s*\(\s*""(?<code>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex RefusalCode();

    [GeneratedRegex(@"/Schema/\d{4}-[a-z0-9-]+\.sql$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex MigrationName();

    [GeneratedRegex(@"(?<![\w.*\])}])/(home|root|tmp|Users|var/tmp)/[\w.-]+|\b[A-Z]:\\Users\\", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex MachineFolder();
}
