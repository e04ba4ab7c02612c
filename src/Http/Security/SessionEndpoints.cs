using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;

namespace Plug1.Http.Security;

/// <summary>Who is signed in.</summary>
public sealed record SessionUser(Guid Id, string UserName, string Name);

/// <summary>A branch that the user may work in.</summary>
public sealed record SessionBranch(Guid Id, string Code, string Name, string TimeZone);

/// <summary>The company.</summary>
public sealed record SessionCompany(string Name, string Currency, int Exponent);

/// <summary>What a page must know about who looks at it.</summary>
/// <param name="User">Who.</param>
/// <param name="Roles">Codes of the roles held in the branch worked in.</param>
/// <param name="Permissions">What they may do there.</param>
/// <param name="Branches">Where they may work.</param>
/// <param name="Branch">Where they work now.</param>
/// <param name="Company">The company.</param>
/// <param name="CsrfToken">The value of <c>X-Csrf-Token</c>; not there for programs.</param>
/// <param name="Version">This program's version.</param>
/// <param name="Environment"><c>production</c>, <c>development</c>, ...</param>
/// <param name="MustChangePassword">True while nothing but choosing a new password is allowed.</param>
/// <param name="ExpiresAt">When the session ends, if it is not used before.</param>
public sealed record SessionAnswer(
    SessionUser User, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions, IReadOnlyList<SessionBranch> Branches, SessionBranch? Branch,
    SessionCompany Company, string? CsrfToken, string Version, string Environment, bool MustChangePassword, DateTimeOffset? ExpiresAt);

/// <summary>Name, password and, where the account asks for it, a one-time code.</summary>
public sealed record SignInRequest(string UserName, string Password, string? Code = null);

/// <summary>The present password and the new one.</summary>
public sealed record ChangePasswordRequest(string Current, string New);

/// <summary>A one-time code.</summary>
public sealed record TotpCodeRequest(string Code);

/// <summary>The present password, without which codes are not given up.</summary>
public sealed record RemoveTotpRequest(string Password);

/// <summary>Signing in and out, one's own password and codes.</summary>
public static class SessionEndpoints
{
    private static readonly string ProgramVersion =
        (Assembly.GetEntryAssembly() ?? typeof(SessionEndpoints).Assembly).GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Adds them to the group <c>/api/v1</c>.</summary>
    public static void MapSession(this RouteGroupBuilder api)
    {
        var session = api.MapGroup("/session").WithTags("Session").WithMetadata(new WithoutBranchAttribute(), new BeforePasswordChangeAttribute());
        session.MapPost("/", SignIn).WithName("signIn").WithSummary("Signs in and sets the session's cookie.")
            .AllowAnonymous().RequireRateLimiting(RateLimits.SignIn)
            .Produces<SessionAnswer>().Refuses(400, 401, 429);
        session.MapGet("/", Show).WithName("session").WithSummary("Who is signed in, and what they may do in the branch worked in.")
            .Produces<SessionAnswer>().Refuses(401);
        session.MapDelete("/", SignOut).WithName("signOut").WithSummary("Ends the session.").Produces(204).Refuses(401);
        session.MapPut("/password", ChangePassword).WithName("changePassword").WithSummary("Chooses another password; other sessions end.")
            .RequireRateLimiting(RateLimits.SignIn).Produces(204).Refuses(400, 401, 422, 429);
        session.MapPost("/totp", StartTotp).WithName("startTotp").WithSummary("Makes a secret for an authenticator application.")
            .Produces<TotpSecret>().Refuses(401);
        session.MapPut("/totp", ConfirmTotp).WithName("confirmTotp").WithSummary("Confirms the secret by a code; from now on signing in asks for one.")
            .Produces(204).Refuses(400, 401, 409, 422);
        session.MapDelete("/totp", RemoveTotp).WithName("removeTotp").WithSummary("Asks for codes no more; the password is needed.")
            .RequireRateLimiting(RateLimits.SignIn).Accepts<RemoveTotpRequest>("application/json").Produces(204).Refuses(400, 401, 422, 429);
    }

    private static async Task<IResult> SignIn(
        SignInRequest request, Sessions sessions, OrganisationBook organisation, IHostEnvironment environment, HttpContext context, CancellationToken ct)
    {
        var signed = await sessions.SignIn(
            request.UserName, request.Password, request.Code, context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString(), ct);
        if (signed.Refusal is { } no) return no.ToHttp();
        Plug1Authentication.SetCookie(context, signed.Value.Token);
        var view = await organisation.Get(ct);
        var branch = RequestActorMiddleware.BranchOf(view, signed.Value.Actor, context.Request.Headers["X-Branch"].ToString());
        var actor = RequestActorMiddleware.Make(context, new Identified(signed.Value.Actor, signed.Value.Session, null), branch);
        return Results.Ok(Answer(actor, view, environment));
    }

    private static async Task<IResult> Show(RequestActor actor, OrganisationBook organisation, IHostEnvironment environment, CancellationToken ct) =>
        Results.Ok(Answer(actor, await organisation.Get(ct), environment));

    private static async Task<IResult> SignOut(RequestActor actor, Sessions sessions, HttpContext context, CancellationToken ct)
    {
        if (actor.Session is { } session) await sessions.SignOut(actor.Caller, session.Id, ct);
        Plug1Authentication.DropCookie(context);
        return Results.NoContent();
    }

    private static async Task<IResult> ChangePassword(ChangePasswordRequest request, RequestActor actor, OwnAccount own, CancellationToken ct) =>
        (await own.ChangePassword(actor.Caller, request.Current, request.New, ct)).ToHttp();

    private static async Task<IResult> StartTotp(RequestActor actor, OwnAccount own, CancellationToken ct) =>
        NotForPrograms(actor) ?? (await own.StartTotp(actor.Caller, ct)).ToHttp();

    private static async Task<IResult> ConfirmTotp(TotpCodeRequest request, RequestActor actor, OwnAccount own, CancellationToken ct) =>
        NotForPrograms(actor) ?? (await own.ConfirmTotp(actor.Caller, request.Code, ct)).ToHttp();

    private static async Task<IResult> RemoveTotp([FromBody] RemoveTotpRequest request, RequestActor actor, OwnAccount own, CancellationToken ct) =>
        NotForPrograms(actor) ?? (await own.RemoveTotp(actor.Caller, request.Password, ct)).ToHttp();

    // A stolen token must not be able to shut its user out.
    private static IResult? NotForPrograms(RequestActor actor) =>
        actor.Session is null ? SecurityRefusals.Denied("kernel.sessions.own").ToHttp() : null;

    private static SessionAnswer Answer(RequestActor actor, OrganisationView view, IHostEnvironment environment)
    {
        var branches = view.Branches.Where(branch => branch.Active && actor.Actor.WorksAt(branch.Id)).Select(Of).ToList();
        return new SessionAnswer(
            new SessionUser(actor.Actor.UserId, actor.Actor.UserName, actor.Actor.Name),
            actor.Here is { } here ? [.. actor.Actor.RolesAt(here.Id)] : [.. actor.Actor.Grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal)],
            actor.Actor.PermissionsAt(actor.Here?.Id ?? Guid.Empty),
            branches,
            actor.Here is { } now ? Of(now) : null,
            new SessionCompany(view.Company.Name, view.Company.Currency.Code, view.Company.Currency.Exponent),
            actor.Session?.Csrf, ProgramVersion, environment.EnvironmentName.ToLowerInvariant(), actor.Session?.MustChange ?? false, actor.Session?.ExpiresAt);
    }

    private static SessionBranch Of(Branch branch) => new(branch.Id, branch.Code, branch.Name, branch.TimeZone);
}
