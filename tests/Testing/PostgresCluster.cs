using System.Diagnostics;

namespace Plug1.Testing;

/// <summary>A private PostgreSQL server on a free loopback port, in a temporary folder, gone when this process ends.</summary>
/// <remarks>
/// <c>postgres-cluster.sh</c> starts it and leaves a watcher that stops it when this process is there no more, so that
/// nothing is left running even after a kill.
/// </remarks>
public sealed class PostgresCluster
{
    /// <summary>Names a server that tests use in place of a private one: a connection string whose user may create databases.</summary>
    public const string Variable = "PLUG1_TEST_POSTGRES";

    private static readonly Lazy<Task<PostgresCluster>> TheShared = new(OpenShared);

    private PostgresCluster(string connectionString) => ConnectionString = connectionString;

    /// <summary>How a user who may create databases reaches the server; names the database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>The server that all tests of this process share: the one named in the environment, or a private one without fsync.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start.</exception>
    public static Task<PostgresCluster> Shared() => TheShared.Value;

    /// <summary>Starts a private server.</summary>
    /// <param name="fsync">False leaves writes to the operating system: faster, and enough where no power cut is tested.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or did not start.</exception>
    public static async Task<PostgresCluster> Start(bool fsync = true)
    {
        var start = new ProcessStartInfo("bash")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "postgres-cluster.sh"), "--owner", $"{Environment.ProcessId}", "--fsync", fsync ? "on" : "off" },
        };
        using var script = Process.Start(start) ?? throw new InvalidOperationException("bash could not be started.");
        if (await script.StandardOutput.ReadLineAsync() is { Length: > 0 } connectionString) return new PostgresCluster(connectionString);

        var why = await script.StandardError.ReadToEndAsync();
        throw new InvalidOperationException($"PostgreSQL did not start: {why}");
    }

    private static async Task<PostgresCluster> OpenShared() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? new PostgresCluster(named) : await Start(fsync: false);
}
