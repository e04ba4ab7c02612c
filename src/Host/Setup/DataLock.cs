namespace Plug1.Host.Setup;

/// <summary>Marks a data folder as in use, so that nothing is put in the place of a SQLite file that a server has open.</summary>
/// <remarks>The operating system lets go of the mark when the process ends, however it ends.</remarks>
internal sealed class DataLock : IDisposable
{
    private readonly FileStream file;

    private DataLock(FileStream file) => this.file = file;

    /// <summary>Takes the mark; null when another process has it.</summary>
    public static DataLock? TryTake(string sqliteFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(sqliteFile)!);
        try
        {
            return new DataLock(new FileStream(sqliteFile + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(sqliteFile + ".lock"))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
