using System.Globalization;

namespace Plug1.Host.Backups;

/// <summary>A folder in the data folder for the copy that is worked on, readable by its owner alone; gone when it is disposed.</summary>
/// <remarks>In the data folder since a copy can be read there by nobody who could not read the business itself.</remarks>
internal sealed class WorkFolder : IDisposable
{
    private const string Ending = ".work";
    private readonly DirectoryInfo folder;

    private WorkFolder(DirectoryInfo folder) => this.folder = folder;

    /// <summary>The file of the copy.</summary>
    public string Data => Path.Combine(folder.FullName, "data");

    /// <summary>Makes one, and deletes those that killed processes left.</summary>
    public static WorkFolder In(string dataFolder, string what)
    {
        Directory.CreateDirectory(dataFolder);
        foreach (var old in Directory.EnumerateDirectories(dataFolder, $"{what}.*{Ending}"))
        {
            var owner = Path.GetFileName(old)[(what.Length + 1)..^Ending.Length].Split('.')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var process) && !IsAlive(process)) Directory.Delete(old, recursive: true);
        }

        var path = Path.Combine(dataFolder, $"{what}.{Environment.ProcessId}.{Path.GetRandomFileName()}{Ending}");
        return new WorkFolder(OperatingSystem.IsWindows() ? Directory.CreateDirectory(path)
            : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Delete(recursive: true);

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
