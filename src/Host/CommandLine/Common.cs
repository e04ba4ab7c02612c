using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using System.Net.Sockets;
using System.Security.Cryptography;
using Plug1.Host.Setup;
using Plug1.Kernel;
using Plug1.Kernel.Storage;

namespace Plug1.Host.CommandLine;

/// <summary>Where a business is kept.</summary>
/// <param name="Folder">The data folder: the SQLite file, the key, the lock.</param>
/// <param name="Setting">What <see cref="Database.Open"/> takes.</param>
internal sealed record Place(string Folder, string Setting)
{
    /// <summary>The key under which secrets are kept.</summary>
    public string KeyFile => Path.Combine(Folder, "plug1.key");

    /// <summary>The file of a SQLite database, or null.</summary>
    public string? SqliteFile => Setting.StartsWith("sqlite:", StringComparison.Ordinal) ? Path.GetFullPath(Setting["sqlite:".Length..]) : null;

    /// <summary>How messages name it; a password is never in it.</summary>
    public string Shown => SqliteFile ?? "the PostgreSQL database";
}

/// <summary>A command's services over a database that exists and has this version's schema.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Database">The business.</param>
/// <param name="Services">The kernel's and the modules' services.</param>
internal sealed record Workplace(Place Place, Database Database, IServiceProvider Services) : IAsyncDisposable
{
    /// <summary>A service.</summary>
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Services is IAsyncDisposable services) await services.DisposeAsync();
        await Database.DisposeAsync();
    }
}

/// <summary>What every command shares: where the business is, how errors are told.</summary>
internal static class Common
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "The data folder.",
        DefaultValueFactory = _ => "data",
        HelpName = "DIR",
        Recursive = true,
    };

    private static readonly Option<string?> Connection = new("--database")
    {
        Description = "A PostgreSQL connection string, or sqlite:FILE. Default: PLUG1_DATABASE, else plug1.db in the data folder.",
        HelpName = "CONN",
        Recursive = true,
    };

    /// <summary>The options of every command.</summary>
    public static IReadOnlyList<Option> Options => [Data, Connection];

    /// <summary>Where the business is.</summary>
    public static Place PlaceOf(ParseResult parsed)
    {
        var folder = Path.GetFullPath(parsed.GetValue(Data) ?? "data");
        var named = parsed.GetValue(Connection) ?? Environment.GetEnvironmentVariable("PLUG1_DATABASE");
        return new Place(folder, string.IsNullOrWhiteSpace(named) ? $"sqlite:{Path.Combine(folder, "plug1.db")}" : named);
    }

    /// <summary>A command that does something, with errors told in one line.</summary>
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work)
    {
        command.SetAction((parsed, ct) => Guarded(() => work(parsed, ct), ct));
        return command;
    }

    /// <summary>A command that needs a database with this version's schema.</summary>
    public static Command Works(this Command command, Func<Workplace, ParseResult, CancellationToken, Task<int>> work) => command.Does(async (parsed, ct) =>
    {
        await using var at = await Enter(PlaceOf(parsed), ct);
        return await work(at, parsed, ct);
    });

    /// <summary>Opens a business that exists.</summary>
    /// <exception cref="CommandFailure">There is none, or its schema is not this version's.</exception>
    public static async Task<Workplace> Enter(Place place, CancellationToken ct)
    {
        if (place.SqliteFile is { } file && !File.Exists(file))
            throw new CommandFailure($"There is no database at {file}. 'plug1 serve' or 'plug1 migrate' makes one.", ExitCode.Unavailable);
        var workplace = Open(place);
        try
        {
            if (await SchemaState.Of(workplace.Database, ct) is { IsCurrent: false } state) throw new CommandFailure(state.Sentence, ExitCode.Unavailable);
            return workplace;
        }
        catch
        {
            await workplace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a business whatever its schema, making the SQLite file when it is not there.</summary>
    public static Workplace Open(Place place, Action<IServiceCollection>? more = null)
    {
        Directory.CreateDirectory(place.Folder);
        var database = Database.Open(place.Setting);
        var services = new ServiceCollection().AddSingleton(place).AddPlug1(database, options => options.KeyFile = place.KeyFile);
        more?.Invoke(services);
        return new Workplace(place, database, services.BuildServiceProvider());
    }

    /// <summary>The value of a result.</summary>
    /// <exception cref="CommandFailure">It was refused.</exception>
    public static T OrFail<T>(this Result<T> result) =>
        result.Refusal is { } no ? throw new CommandFailure($"{no.Message} ({no.Code})") : result.Value;

    /// <summary>Whether an option was given, rather than left to its default.</summary>
    public static bool Given(this ParseResult parsed, Option option) => parsed.GetResult(option) is OptionResult { Implicit: false };

    private static async Task<int> Guarded(Func<Task<int>> work, CancellationToken ct)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Fail("stopped; what was done is kept.", ExitCode.Refused);
        }
        catch (CommandFailure failure)
        {
            return Fail(failure.Message, failure.ExitCode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException or SocketException or CryptographicException or ArgumentException or InvalidOperationException)
        {
            return Fail(Sentence(failure), ExitCode.Unavailable);
        }
        catch (Exception failure)
        {
            await Console.Error.WriteLineAsync($"plug1: an error of this program: {failure}");
            return ExitCode.Fault;
        }
    }

    private static string Sentence(Exception failure)
    {
        var first = failure.Message.Split('\n')[0].Trim();
        return failure is DbException ? $"the database says: {first}" : first;
    }

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"plug1: {message}");
        return exitCode;
    }
}
