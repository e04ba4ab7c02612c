using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Plug1.Http.Operations;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;
using Plug1.Kernel.Setup;

namespace Plug1.Http.Setup;

/// <summary>What the first set-up chooses from.</summary>
/// <param name="Countries">Countries with their usual currency.</param>
/// <param name="Currencies">ISO 4217 codes.</param>
/// <param name="TimeZones">Names of the IANA database that the server knows.</param>
/// <param name="Roles">Roles for further users.</param>
/// <param name="Modules">The modules, by code.</param>
/// <param name="Functions">The functions that may be wanted.</param>
/// <param name="ChartAccounts">How many accounts the standard chart has.</param>
/// <param name="PasswordLength">The least length of a password.</param>
public sealed record SetupChoices(
    IReadOnlyList<Country> Countries, IReadOnlyList<string> Currencies, IReadOnlyList<string> TimeZones, IReadOnlyList<MetaName> Roles, IReadOnlyList<MetaName> Modules,
    IReadOnlyList<SetupFunction> Functions, int ChartAccounts, int PasswordLength);

/// <summary>A function that may be wanted.</summary>
public sealed record SetupFunction(string Code, string Module, string Name, string Summary, IReadOnlyList<string> Needs);

/// <summary>Whether the database waits for its company.</summary>
/// <param name="Needed">True while there is neither a company nor a user.</param>
/// <param name="CodeRequired">Whether this browser has to give the code that the server printed.</param>
/// <param name="Choices">What is chosen from; null when nothing is to be set up.</param>
public sealed record SetupState(bool Needed, bool CodeRequired = false, SetupChoices? Choices = null);

/// <summary>Setting up an empty database: the one thing that is done by somebody who is not signed in.</summary>
public static class SetupEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapSetup(this RouteGroupBuilder api)
    {
        var setup = api.MapGroup("/setup").WithTags("Setup").WithMetadata(new WithoutBranchAttribute()).AllowAnonymous();
        setup.MapGet("", async (HttpContext http, FirstRun first, FunctionCatalogue functions, IOptions<SecurityOptions> security, CancellationToken ct) =>
            Results.Ok(await first.Needed(ct) ? new SetupState(true, SetupGate.AsksForCode(http), ChoicesOf(functions, security.Value)) : new SetupState(false)))
            .WithName("setup").WithSummary("Whether the database waits to be set up, and what there is to choose from.").Produces<SetupState>();

        setup.MapPost("", async (HttpContext http, FirstRun first, SetupGate gate, CancellationToken ct) =>
        {
            if (await JsonSerializer.DeserializeAsync<FirstRunRequest>(http.Request.Body, Plug1Json.Options, ct) is not { } request) return CommandEndpoints.BodyMissing.ToHttp();
            if (!await first.Needed(ct) && http.Request.Headers["Idempotency-Key"].Count == 0) return FirstRunRefusals.Done.ToHttp();
            if (gate.Refuses(http) is { } no) return no.ToHttp();
            var key = http.Request.Headers["Idempotency-Key"].ToString();
            var call = new CommandCall(Actor.System, Guid.Empty, Address: http.Connection.RemoteIpAddress?.ToString(), IdempotencyKey: key.Length == 0 ? null : key,
                RequestHash: key.Length == 0 ? null : CommandEndpoints.HashOf(http, WithoutSecrets(request)));
            return CommandEndpoints.ToHttp(await first.Run(call, request, ct));
        }).Accepts<FirstRunRequest>("application/json").RequireRateLimiting(RateLimits.SignIn)
            .WithName("runSetup").WithSummary("Makes the company of an empty database, with its first users; everything or nothing, once.")
            .Produces<FirstRunDone>(201).Refuses(400, 403, 409, 413, 422, 429);
    }


    private static SetupChoices ChoicesOf(FunctionCatalogue functions, SecurityOptions security) => new(
        Countries.All, Countries.CurrencyCodes, Countries.TimeZones, [.. RoleTemplates.All.Select(role => new MetaName(role.Code, role.Name))],
        [.. MetaEndpoints.Modules.Where(module => functions.All.Any(function => function.Module == module.Code)).Select(module => new MetaName(module.Code, module.Name))],
        [.. functions.All.Select(function => new SetupFunction(function.Code, function.Module, function.Name, function.Summary, function.Needs))],
        FirstRun.ChartAccounts, security.PasswordLength);

    /// <summary>What the idempotency key stands for: a hash of a password could be guessed from.</summary>
    private static FirstRunRequest WithoutSecrets(FirstRunRequest request) => request with
    {
        Administrator = request.Administrator with { Password = "" },
        Users = request.Users is null ? null : [.. request.Users.Select(user => user with { Password = "" })],
    };
}
