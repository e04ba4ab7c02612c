using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;

namespace Plug1.Http.Operations;

/// <summary>All functions of this program, by module, and how they stand in this company.</summary>
public sealed record FunctionsAnswer(IReadOnlyList<MetaName> Modules, IReadOnlyList<FunctionState> Items);

/// <summary>Functions switched on and off for the company.</summary>
internal static class FunctionSwitchEndpoints
{
    public static void MapFunctionSwitches(this RouteGroupBuilder api)
    {
        var functions = api.MapGroup("/operations/functions").WithTags("Operations");
        functions.MapGet("", (RequestActor who, Reading reading, FunctionSwitches switches, CancellationToken ct) => reading.For(who, ct).Answer(async (db, viewer) =>
        {
            var scope = viewer.Scope(AdministrationPermissions.FunctionsView);
            return scope.IsRefused ? scope.Refusal : (Result<FunctionsAnswer>)Of(await switches.Read(db, ct));
        })).WithName("functions").WithSummary("Which functions are switched on, what they need, and what keeps them from being switched off.").Produces<FunctionsAnswer>().Refuses(401, 403);

        functions.MapCommand<SwitchFunctions, FunctionsAnswer>("/switch", 200, (call, body, http) =>
        {
            var (runner, switches) = (http.RequestServices.GetRequiredService<CommandRunner>(), http.RequestServices.GetRequiredService<FunctionSwitches>());
            return runner.Run<FunctionsAnswer>(call, "kernel.functions", "configure", 200, async (tx, stamp) =>
            {
                // It is the whole company's: who administers one branch alone does not switch for the others.
                if (!call.Actor.MayEverywhere("kernel.functions.configure")) return CommandRunner.Denied("kernel.functions.configure");
                var switched = await switches.Switch(tx, stamp, body, http.RequestAborted);
                return switched.IsRefused ? switched.Refusal : Of(switched.Value);
            }, http.RequestAborted);
        }).WithName("switchFunctions").WithSummary("Switches functions on or off for the company, all of those named or none. Their data stays.");
    }

    private static FunctionsAnswer Of(IReadOnlyList<FunctionState> states) => new(
        [.. MetaEndpoints.Modules.Where(module => states.Any(state => state.Module == module.Code)).Select(module => new MetaName(module.Code, module.Name))], states);
}
