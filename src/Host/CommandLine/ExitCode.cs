namespace Plug1.Host.CommandLine;

/// <summary>What the process answers to whoever called it.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Refused by a rule of the business, or a check found a difference.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A file, a port or the database is not to be had.</summary>
    public const int Unavailable = 3;

    /// <summary>An error of this program.</summary>
    public const int Fault = 4;
}

/// <summary>Ends a command with one line for the person who typed it.</summary>
internal sealed class CommandFailure : Exception
{
    /// <summary>Makes one that was refused.</summary>
    public CommandFailure(string message)
        : this(message, CommandLine.ExitCode.Refused)
    {
    }

    /// <summary>Makes one with its exit code.</summary>
    public CommandFailure(string message, int exitCode)
        : base(message) => ExitCode = exitCode;

    /// <summary>The exit code.</summary>
    public int ExitCode { get; }
}
