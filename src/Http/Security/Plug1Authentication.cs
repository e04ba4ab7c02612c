using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Plug1.Kernel.Security;

namespace Plug1.Http.Security;

/// <summary>What proved who asks; the middleware behind makes a <see cref="RequestActor"/> of it.</summary>
internal sealed record Identified(Actor Actor, ActiveSession? Session, ApiToken? Token);

/// <summary>Knows browsers by their cookie and programs by their bearer token.</summary>
public sealed class Plug1Authentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions, ApiTokens tokens, Actors actors)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "plug1";

    /// <summary>Name of the cookie.</summary>
    public const string Cookie = "plug1_session";

    /// <summary>Sets the cookie: no script reads it, no other site sends it.</summary>
    public static void SetCookie(HttpContext context, string token) => context.Response.Cookies.Append(Cookie, token, CookieOf(context));

    /// <summary>Takes the cookie away.</summary>
    public static void DropCookie(HttpContext context) => context.Response.Cookies.Delete(Cookie, CookieOf(context));

    /// <inheritdoc/>
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        var found = header.Length > 0 ? await Program(header) : Request.Cookies.TryGetValue(Cookie, out var cookie) ? await Browser(cookie) : null;
        if (found is null) return AuthenticateResult.NoResult();
        Context.Features.Set(found);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, found.Actor.UserId.ToString("D")), new Claim(ClaimTypes.Name, found.Actor.UserName)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return SecurityRefusals.SignInRequired.ToProblem().Write(Context);
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemDetailsExtensions.Make(403, "PERMISSION_DENIED", "You may not do this.").Write(Context);

    private async Task<Identified?> Program(string header)
    {
        const string bearer = "Bearer ";
        if (!header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)) return null;
        return await tokens.Resolve(header[bearer.Length..].Trim(), Context.RequestAborted) is { } token
            && await actors.ByUser(token.UserId, Context.RequestAborted) is { } actor ? new Identified(actor, null, token) : null;
    }

    private async Task<Identified?> Browser(string cookie) =>
        await sessions.Resolve(cookie, Context.RequestAborted) is { } session
        && await actors.ByUser(session.UserId, Context.RequestAborted) is { } actor ? new Identified(actor, session, null) : null;

    private static CookieOptions CookieOf(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        IsEssential = true,
    };
}
