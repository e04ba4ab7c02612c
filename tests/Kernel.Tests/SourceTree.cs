using System.Text.RegularExpressions;

namespace Plug1.Kernel.Tests;

/// <summary>The files of this checkout, as the house rules in <see cref="Tidy"/> read them.</summary>
internal static partial class SourceTree
{
    private static readonly HashSet<string> NotOurs = new(StringComparer.Ordinal)
    {
        ".git", "bin", "obj", "node_modules", "dist", "dev-dist", "data", "artifacts", "TestResults", ".vs", ".idea",
    };

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file of a kind below a folder of the checkout, with its path from the root, in one order everywhere.</summary>
    public static IEnumerable<SourceFile> Files(string folder, params string[] endings) =>
        Walk(Path.Combine(Root, folder))
            .Where(file => endings.Length == 0 || endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file).Replace('\\', '/'), File.ReadAllText(file)));

    /// <summary>The text of a C# file without comments, and with its string literals emptied; lines stay where they are.</summary>
    public static string CodeOnly(string text) => CommentOrString().Replace(text, found =>
    {
        var lines = new string('\n', found.Value.Count(character => character == '\n'));
        return found.Value.StartsWith('/') ? lines : $"\"{lines}\"";
    });

    private static IEnumerable<string> Walk(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFiles(folder)
            .Concat(Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))).SelectMany(Walk));
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Plug1.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside a checkout.");
    }

    [GeneratedRegex("""
        "{3}[\s\S]*?"{3}|@\$?"(?:""|[^"])*"|"(?:\\.|[^"\\\n])*"|'(?:\\.[^'\n]*|[^'\\\n])'|//[^\n]*|/\*[\s\S]*?\*/
        """, RegexOptions.None, 5000)]
    private static partial Regex CommentOrString();
}

/// <summary>One file of the checkout.</summary>
/// <param name="Name">Path from the root, with forward slashes.</param>
/// <param name="Text">What is in it.</param>
internal sealed record SourceFile(string Name, string Text)
{
    /// <summary>Where a place in the text is, as <c>src/Kernel/Result.cs:12</c>.</summary>
    public string At(int index) => $"{Name}:{Text.AsSpan(0, index).Count('\n') + 1}";
}
