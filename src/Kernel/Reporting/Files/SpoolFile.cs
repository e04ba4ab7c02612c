namespace Plug1.Kernel.Reporting.Files;

/// <summary>Where a file is written before it is sent or kept: only this program reads it, and it goes when it is closed.</summary>
public static class SpoolFile
{
    /// <summary>Opens a new one in the folder for temporary files.</summary>
    public static FileStream Open()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = 64 * 1024,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), $"plug1-export-{Path.GetRandomFileName()}"), options);
    }
}
