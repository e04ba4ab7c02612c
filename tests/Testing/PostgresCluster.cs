using System.Diagnostics;

namespace Plug1.Testing;

/// <summary>A private PostgreSQL server on a free loopback port, in a temporary folder, gone when its owner ends.</summary>
/// <remarks>
/// The server belongs to <c>postgres-cluster.sh</c>, which stops it when the pipe to its standard input closes. The
/// operating system closes that pipe even when this process is killed, so nothing is left running.
/// </remarks>
public sealed class PostgresCluster : IDisposable
{
    /// <summary>Names a server that tests use in place of a private one: a connection string whose user may create databases.</summary>
    public const string Variable = "PLUG1_TEST_POSTGRES";

    private static readonly Lazy<Task<PostgresCluster>> TheShared = new(OpenShared);
    private readonly Process? script;

    private PostgresCluster(string connectionString, Process? script) => (ConnectionString, this.script) = (connectionString, script);

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
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "postgres-cluster.sh"), "--fsync", fsync ? "on" : "off" },
        };
        var running = Process.Start(start) ?? throw new InvalidOperationException("bash could not be started.");
        if (await running.StandardOutput.ReadLineAsync() is { Length: > 0 } connectionString) return new PostgresCluster(connectionString, running);

        var why = await running.StandardError.ReadToEndAsync();
        throw new InvalidOperationException($"PostgreSQL did not start: {why}");
    }

    /// <summary>Stops the server and deletes its folder, when it is a private one.</summary>
    public void Dispose()
    {
        if (script is null) return;
        script.StandardInput.Close();
        script.WaitForExit(TimeSpan.FromSeconds(30));
        script.Dispose();
    }

    private static async Task<PostgresCluster> OpenShared()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) return new PostgresCluster(named, script: null);
        var cluster = await Start(fsync: false);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
    }
}
