using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;

namespace Plug1.Http.Security;

/// <summary>Lets nobody past who is not signed in, checks the antiforgery header, and finds the branch worked in.</summary>
public sealed class RequestActorMiddleware(RequestDelegate next, OrganisationBook organisation)
{
    private static readonly Refusal CsrfInvalid =
        new("CSRF_INVALID", "The header X-Csrf-Token is not the session's. Load the page again.", Status: 403);

    private static readonly Refusal BranchNotGranted =
        new("BRANCH_NOT_GRANTED", "You do not work in this branch.", Status: 403);

    private static readonly Refusal PasswordChangeRequired =
        new("PASSWORD_CHANGE_REQUIRED", "Choose a new password first.", Status: 403);

    /// <summary>Runs the rest.</summary>
    public async Task Invoke(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint)
        {
            await next(context);
            return;
        }

        var open = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (context.Features.Get<Identified>() is not { } found)
        {
            if (open || !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)) await next(context);
            else await Challenge(context);
            return;
        }

        if (!open && (Refused(context, endpoint, found) ?? SwitchedOff(context.Request.Path, found.Actor)) is { } no)
        {
            await no.ToProblem().Write(context);
            return;
        }

        var asked = context.Request.Headers["X-Branch"].ToString();
        var view = await organisation.Get(context.RequestAborted);
        var branch = BranchOf(view, found.Actor, asked);
        if (!open && branch is null && (asked.Length > 0 || endpoint.Metadata.GetMetadata<WithoutBranchAttribute>() is null))
        {
            await BranchNotGranted.ToProblem().Write(context);
            return;
        }

        context.Features.Set(Make(context, found, branch));
        await next(context);
    }

    /// <summary>The branch asked for, or the user's first; null when there is none that the user works in.</summary>
    internal static Branch? BranchOf(OrganisationView view, Actor actor, string asked) => asked.Length > 0
        ? view.FindBranch(asked) is { Active: true } named && actor.WorksAt(named.Id) ? named : null
        : view.Branches.FirstOrDefault(branch => branch.Active && actor.WorksAt(branch.Id));

    /// <summary>Puts together what is known of who asks.</summary>
    internal static RequestActor Make(HttpContext context, Identified found, Branch? branch) => new(
        found.Actor, found.Session, found.Token, branch, Clean(context.Request.Headers["X-Device"].ToString()),
        context.Connection.RemoteIpAddress?.ToString(), Clean(context.Request.Headers.AcceptLanguage.ToString().Split(',', ';')[0].Trim()) ?? "en");

    private static Refusal? Refused(HttpContext context, Endpoint endpoint, Identified found)
    {
        if (found.Session is not { } session) return null;
        var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method);
        if (!reads && !Secrets.Same(context.Request.Headers["X-Csrf-Token"].ToString(), session.Csrf)) return CsrfInvalid;
        return session.MustChange && endpoint.Metadata.GetMetadata<BeforePasswordChangeAttribute>() is null ? PasswordChangeRequired : null;
    }

    /// <summary>What a function answers that the company has switched off; where none is, nothing is looked at.</summary>
    private static Refusal? SwitchedOff(PathString path, Actor actor)
    {
        foreach (var function in actor.FunctionsOff)
        {
            var dot = function.IndexOf('.', StringComparison.Ordinal);
            if (path.StartsWithSegments($"/api/v1/{function[..dot]}/{function[(dot + 1)..]}", StringComparison.OrdinalIgnoreCase)) return FunctionRefusals.Off(function);
        }

        return null;
    }

    private static Task Challenge(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return SecurityRefusals.SignInRequired.ToProblem().Write(context);
    }

    private static string? Clean(string text)
    {
        var plain = new string([.. text.Where(sign => !char.IsControl(sign)).Take(100)]).Trim();
        return plain.Length > 0 ? plain : null;
    }
}
