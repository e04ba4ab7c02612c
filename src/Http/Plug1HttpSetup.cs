using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http.Diagnostics;
using Plug1.Http.Security;
using Plug1.Http.Setup;

namespace Plug1.Http;

/// <summary>Puts this folder into the host.</summary>
public static class Plug1HttpSetup
{
    /// <summary>The largest body of a call that says nothing else, in bytes.</summary>
    public const long BodyLimit = 1_048_576;

    /// <summary>Adds JSON, problem details, signing in and rate limits. The host adds the kernel's services.</summary>
    public static IServiceCollection AddPlug1Http(this IServiceCollection services, Action<RateLimitOptions>? limits = null)
    {
        services.ConfigureHttpJsonOptions(options => Plug1Json.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = BodyLimit;
        });
        services.AddAuthentication(Plug1Authentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, Plug1Authentication>(Plug1Authentication.SchemeName, null);
        services.AddAuthorization();
        services.AddPlug1RateLimits(limits);
        services.AddSingleton<SetupGate>().AddSingleton<RequestTimes>().AddSingleton<IncidentLog>();
        return services;
    }

    /// <summary>Adds what every request goes through, in this order. Static files come before it.</summary>
    public static IApplicationBuilder UsePlug1Http(this IApplicationBuilder app)
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseMiddleware<RequestTimesMiddleware>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<RequestActorMiddleware>();
        app.UseRateLimiter();
        app.UseAuthorization();
        return app;
    }

    /// <summary>The group <c>/api/v1</c>, in which nothing answers who is not signed in, with the endpoints of sessions, users, roles and tokens.</summary>
    public static RouteGroupBuilder MapPlug1Api(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").RequireAuthorization();
        api.MapSession();
        api.MapUsers();
        api.MapRoles();
        api.MapTokens();
        return api;
    }
}
