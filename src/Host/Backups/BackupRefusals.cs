using Plug1.Kernel;

namespace Plug1.Host.Backups;

/// <summary>Every reason for which a backup is not planned, made or handed out.</summary>
internal static class BackupRefusals
{
    /// <summary>One waits or runs.</summary>
    public static readonly Refusal Running = new("BACKUP_RUNNING", "A backup is being made already. Wait until it is done.", Status: 409);

    /// <summary>No such run.</summary>
    public static readonly Refusal Unknown = new("NOT_FOUND", "There is no such backup.", Status: 404);

    /// <summary>The file is not here: it was removed, or lies on another machine.</summary>
    public static readonly Refusal FileGone = new("BACKUP_FILE_GONE", "The file of this backup is not on this server any more.", Status: 409);

    /// <summary>The time is none.</summary>
    public static readonly Refusal TimeInvalid = new("BACKUP_TIME_INVALID", "A time of day is written as 02:30.", "/at");

    /// <summary>How many are kept.</summary>
    public static readonly Refusal KeepInvalid = new("BACKUP_KEEP_INVALID", "Keep 1 to 1000 backups.", "/keep");

    /// <summary>The folder is not one that the operator allows.</summary>
    public static readonly Refusal FolderOutside = new("BACKUP_FOLDER_OUTSIDE",
        "Name a folder within the data folder, or below the one that PLUG1_BACKUP_FOLDER names on the server.", "/folder");

    /// <summary>The folder cannot be made or written.</summary>
    public static readonly Refusal FolderUnusable = new("BACKUP_FOLDER_UNUSABLE", "The server cannot write into this folder.", "/folder");

    /// <summary>There is no such key.</summary>
    public static readonly Refusal KeyUnusable = new("BACKUP_KEY_UNUSABLE",
        "Name a key file within the data folder, or leave it empty and set PLUG1_BACKUP_KEY on the server. 'plug1 backup key new' makes one; only its owner may read it.", "/keyFile");
}
