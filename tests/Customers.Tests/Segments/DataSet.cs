namespace Plug1.Customers.Tests.Segments;

/// <summary>Published data that tests compare with; it is no part of the repository and may be missing.</summary>
internal static class DataSet
{
    /// <summary>A folder of the data, or null: under <c>PLUG1_DATA</c>, else under <c>shared/data</c> beside the repository.</summary>
    public static string? Folder(string name)
    {
        if (Environment.GetEnvironmentVariable("PLUG1_DATA") is { Length: > 0 } root) return Existing(Path.Combine(root, name));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", "data", name)) is { } found) return found;
        }

        return null;
    }

    private static string? Existing(string path) => System.IO.Directory.Exists(path) ? path : null;
}
