using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using Plug1.Http.Security;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Host.Setup;

/// <summary>The OpenAPI 3.1 description of the API at <c>/openapi/v1.json</c>, and pages to read it at <c>/docs</c>.</summary>
internal static class ApiDescription
{
    private const string Name = "v1";
    private const string Session = "session";
    private const string Csrf = "csrf";
    private const string Token = "token";

    private static readonly Type[] Decimals = [typeof(Quantity), typeof(UnitPrice), typeof(Rate), typeof(ExchangeRate)];

    /// <summary>Adds the description.</summary>
    public static IServiceCollection AddPlug1Description(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = NameOf;
        options.AddDocumentTransformer((document, _, _) => Describe(document));
        options.AddOperationTransformer((operation, context, _) => Secure(operation, context));
        options.AddSchemaTransformer((schema, context, _) => Decimal(schema, context));
    });

    /// <summary>Maps the description.</summary>
    public static void MapPlug1Description(this IEndpointRouteBuilder routes) => routes.MapOpenApi("/openapi/{documentName}.json").ExcludeFromDescription();

    /// <summary>Serves the pages at <c>/docs</c>.</summary>
    public static void UseApiBrowser(this IApplicationBuilder app) => app.UseSwaggerUI(options =>
    {
        options.RoutePrefix = "docs";
        options.DocumentTitle = "Plug1 Operations API";
        options.SwaggerEndpoint($"/openapi/{Name}.json", "Plug1 Operations");
        // No request leaves the machine: the validator badge would send the description away.
        options.ConfigObject.ValidatorUrl = "";
    });

    /// <summary>The description as JSON, from an application that listens nowhere and works on an empty database in memory of its own.</summary>
    public static async Task<string> Write(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("plug1-openapi-");
        try
        {
            await using var database = Database.Sqlite(Path.Combine(folder.FullName, "empty.db"));
            await using var app = Server.Build(database, "http://127.0.0.1:0", Path.Combine(folder.FullName, "plug1.key"), builder =>
            {
                builder.Services.AddSingleton<IServer, Silent>();
                builder.Services.RemoveAll<Job>();
            });
            await app.StartAsync(ct);
            var document = await app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync(ct);
            document.Servers = null;
            var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, ct);
            await app.StopAsync(ct);
            return text;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Schemas are named after their types; a nested type after its owner too, so that no two share a name and none gets a number.</summary>
    private static string? NameOf(JsonTypeInfo type)
    {
        if (Decimals.Contains(type.Type) || OpenApiOptions.CreateDefaultSchemaReferenceId(type) is not { } name) return null;
        return type.Type.DeclaringType is { } owner ? owner.Name + name : name;
    }

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Plug1 Operations",
            Version = Name,
            Description = "Money, quantities, prices and rates are decimal strings; dates are ISO 8601. Failures are problem details (RFC 9457) with a stable code. "
                + "Every POST takes an Idempotency-Key; a change takes If-Match with the version seen. X-Branch names the branch worked in.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Session] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = Plug1Authentication.Cookie, Description = "The session of a browser." },
            [Csrf] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = "X-Csrf-Token", Description = "The session's antiforgery token, on every write of a browser." },
            [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The token of a program: plug1 token create." },
        };
        return Task.CompletedTask;
    }

    private static Task Secure(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any()) return Task.CompletedTask;
        var document = context.Document;
        operation.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Token, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Session, document)] = [], [new OpenApiSecuritySchemeReference(Csrf, document)] = [] },
        ];
        return Task.CompletedTask;
    }

    private static Task Decimal(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (!Decimals.Contains(Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type)) return Task.CompletedTask;
        schema.Type = JsonSchemaType.String;
        schema.Format = "decimal";
        return Task.CompletedTask;
    }

    private sealed class Silent : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
