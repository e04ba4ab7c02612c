namespace Plug1.Kernel.Reporting.Exports;

/// <summary>No usable font is on this machine, so no PDF can be drawn.</summary>
/// <param name="folders">Where it was looked for.</param>
public sealed class FontMissingException(IEnumerable<string> folders) : Exception(
    "A PDF needs a TrueType font and none was found. On Debian or Ubuntu: apt-get install fonts-dejavu-core "
    + "(or fonts-liberation). Or put a regular and a bold .ttf into a folder and name it in PLUG1_FONTS. Looked in: "
    + string.Join(", ", folders) + ".");

/// <summary>Finds the report font: DejaVu Sans or Liberation Sans from the system, or what the operator names.</summary>
/// <remarks>No font is shipped with the program; see <c>docs/decisions/exports.md</c>.</remarks>
internal static class ReportFonts
{
    /// <summary>The environment variable with a folder to search before all others.</summary>
    public const string FolderVariable = "PLUG1_FONTS";

    private static readonly (string Regular, string Bold)[] Known =
    [
        ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
        ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
        ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
        ("FreeSans.ttf", "FreeSansBold.ttf"),
        ("Arial.ttf", "Arial Bold.ttf"),
        ("arial.ttf", "arialbd.ttf"),
    ];

    private static readonly Lazy<(TrueTypeFont, TrueTypeFont)> Installed = new(() => Read(SystemFolders()), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The regular and the bold face, read once for the process.</summary>
    /// <exception cref="FontMissingException">There is no font; asked again after one was installed, it is found.</exception>
    public static (TrueTypeFont Regular, TrueTypeFont Bold) Load() => Installed.Value;

    internal static (TrueTypeFont Regular, TrueTypeFont Bold) Read(IReadOnlyList<string> folders)
    {
        var files = folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.ttf", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            .GroupBy(Path.GetFileName, StringComparer.Ordinal).ToDictionary(group => group.Key!, group => group.First(), StringComparer.Ordinal);
        var (regularName, boldName) = Known.FirstOrDefault(pair => files.ContainsKey(pair.Regular));
        // An operator's own folder may hold any font: the first in order, and a bold one if its name says so.
        regularName ??= files.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => !name.Contains("Bold", StringComparison.OrdinalIgnoreCase))
            ?? throw new FontMissingException(folders);
        var bold = files.GetValueOrDefault(boldName ?? "")
            ?? files.FirstOrDefault(file => boldName is null && file.Key.Contains("Bold", StringComparison.OrdinalIgnoreCase)).Value;
        var regular = new TrueTypeFont(File.ReadAllBytes(files[regularName]));
        return (regular, bold is null ? regular : new TrueTypeFont(File.ReadAllBytes(bold)));
    }

    internal static IReadOnlyList<string> SystemFolders()
    {
        // The operator's folder stands alone, so that it cannot lose against a system font of a better known name.
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } own) return [own];
        return
        [
            "/usr/share/fonts", "/usr/local/share/fonts",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/share/fonts"),
            "/Library/Fonts", "/System/Library/Fonts/Supplemental",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.Windows), "Fonts"),
        ];
    }
}
