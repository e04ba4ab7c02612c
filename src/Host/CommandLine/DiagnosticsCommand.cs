using System.CommandLine;
using Plug1.Host.Background;
using Plug1.Host.Diagnostics;

namespace Plug1.Host.CommandLine;

/// <summary><c>plug1 diagnostics</c>: the support bundle of a business whose server does not run, or that has no web application at hand.</summary>
/// <remarks>Times and incidents of requests are in the memory of the server that answered them: take its bundle for those.</remarks>
internal static class DiagnosticsCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "The zip to write; it must not exist.", HelpName = "FILE", Required = true };

    /// <summary>The command.</summary>
    public static Command Make() => new Command("diagnostics", "Write the support bundle: health, versions, sizes, jobs; no personal data, no secrets.") { Out }.Does(async (parsed, ct) =>
    {
        var (place, file) = (Common.PlaceOf(parsed), parsed.GetRequiredValue(Out));
        if (place.SqliteFile is { } known && !File.Exists(known)) throw new CommandFailure($"There is no database at {known}.", ExitCode.Unavailable);
        if (File.Exists(file)) throw new CommandFailure($"{file} exists already.");
        await using var at = Common.Open(place, services => services.AddPlug1Background().AddPlug1Diagnostics());
        await using (var zip = new FileStream(file, FileMode.CreateNew)) await at.Get<SupportBundle>().Write(zip, ct);
        foreach (var check in await at.Get<HealthChecks>().Run(ct)) Console.WriteLine($"{check.State,-5}{check.Code,-10}{check.Text}");
        Console.WriteLine($"{file} may be sent to support: it holds no personal data.");
        return ExitCode.Done;
    });
}
