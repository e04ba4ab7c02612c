using System.Globalization;
using Plug1.Http;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Security;

namespace Plug1.Host.Diagnostics;

/// <summary>How the server is, and the bundle for support; needs <c>kernel.diagnostics.view</c>.</summary>
internal static class DiagnosticsEndpoints
{
    private const string See = AdministrationPermissions.DiagnosticsView;

    public static void MapDiagnostics(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/operations/diagnostics").WithTags("Operations");
        group.MapGet("", async (RequestActor who, DiagnosticsDesk desk, CancellationToken ct) =>
            who.Actor.MayAnywhere(See) ? Results.Ok(await desk.Read(ct)) : CommandRunner.Denied(See).ToHttp())
            .WithName("diagnostics").WithSummary("Health checks, version, sizes, slow requests, last errors by incident number, jobs.").Produces<DiagnosticsAnswer>().Refuses(401, 403);
        group.MapGet("/bundle", async (RequestActor who, SupportBundle bundle, TimeProvider clock, CancellationToken ct) =>
        {
            if (!who.Actor.MayAnywhere(See)) return CommandRunner.Denied(See).ToHttp();
            var zip = new MemoryStream();
            await bundle.Write(zip, ct);
            return Results.File(zip.ToArray(), "application/zip", string.Create(CultureInfo.InvariantCulture, $"plug1-support-{clock.GetUtcNow():yyyy-MM-dd-HHmm}.zip"));
        }).WithName("supportBundle").WithSummary("A zip for support, without personal data and without secrets.").Produces(200, contentType: "application/zip").Refuses(401, 403);
    }
}
