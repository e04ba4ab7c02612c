using System.Diagnostics;

namespace Plug1.Testing;

/// <summary>The temporary folder of this test process; deleted when it ends, or by the next run when it was killed.</summary>
public static class TestFolder
{
    private const string Prefix = "plug1-tests-";
    private static readonly Lazy<string> Folder = new(Make);

    /// <summary>The folder, made at the first call.</summary>
    public static string Path => Folder.Value;

    private static string Make()
    {
        var temporary = System.IO.Path.GetTempPath();
        foreach (var old in Directory.EnumerateDirectories(temporary, $"{Prefix}*"))
            if (int.TryParse(System.IO.Path.GetFileName(old)[Prefix.Length..], out var owner) && !IsAlive(owner)) Delete(old);

        var mine = Directory.CreateDirectory(System.IO.Path.Combine(temporary, $"{Prefix}{Environment.ProcessId}")).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(mine);
        return mine;
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Another run cleans it at the same moment, or it is another user's.
        }
    }
}
