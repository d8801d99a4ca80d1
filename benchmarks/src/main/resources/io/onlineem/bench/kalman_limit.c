/* The native reference of a Kalman filter: n states, d numbers, textbook recursions in plain loops. Records of one sequence
 * come one by one; each is filtered at once, and learned from in blocks of B with L records of look-ahead: filtered again from
 * the carried distribution, smoothed backwards (Rauch, Tung and Striebel), second moments of what moves the states and of the
 * residuals added up. Covariances are computed for every record; fixed parameters, no M-step; one core.
 * cc -O3 -march=native -ffast-math -o kalman_limit kalman_limit.c -lm ; ./kalman_limit n d B L records */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static double now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return t.tv_sec+1e-9*t.tv_nsec;}
static int n,d;
static double *A,*C,*Q,*R;
/* out = a b, or a b' */
static void mul(const double*restrict a,const double*restrict b,int r,int k,int c,double*restrict out){
  for(int i=0;i<r;i++){for(int j=0;j<c;j++)out[i*c+j]=0;
    for(int l=0;l<k;l++)for(int j=0;j<c;j++)out[i*c+j]+=a[i*k+l]*b[l*c+j];}}
static void mult(const double*restrict a,const double*restrict b,int r,int k,int c,double*restrict out){
  for(int i=0;i<r;i++)for(int j=0;j<c;j++){double s=0;for(int l=0;l<k;l++)s+=a[i*k+l]*b[j*k+l];out[i*c+j]=s;}}
/* b <- s^-1 b of a symmetric positive definite s, which its Cholesky factor replaces; returns log det */
static double solve(double*s,int k,double*b,int c){
  double det=0;
  for(int j=0;j<k;j++){for(int l=0;l<j;l++)s[j*k+j]-=s[j*k+l]*s[j*k+l];
    s[j*k+j]=sqrt(s[j*k+j]);det+=2*log(s[j*k+j]);
    for(int i=j+1;i<k;i++){for(int l=0;l<j;l++)s[i*k+j]-=s[i*k+l]*s[j*k+l];s[i*k+j]/=s[j*k+j];}}
  for(int i=0;i<k;i++){for(int l=0;l<i;l++)for(int j=0;j<c;j++)b[i*c+j]-=s[i*k+l]*b[l*c+j];
    for(int j=0;j<c;j++)b[i*c+j]/=s[i*k+i];}
  for(int i=k-1;i>=0;i--){for(int l=i+1;l<k;l++)for(int j=0;j<c;j++)b[i*c+j]-=s[l*k+i]*b[l*c+j];
    for(int j=0;j<c;j++)b[i*c+j]/=s[i*k+i];}
  return det;
}
static void predict(const double*m,const double*P,double*mp,double*Pp){
  double t[n*n];
  mul(A,m,n,n,1,mp);mul(A,P,n,n,n,t);mult(t,A,n,n,n,Pp);
  for(int i=0;i<n*n;i++)Pp[i]+=Q[i];
}
/* one record: mean and covariance in place; returns the log density */
static double filter(double*m,double*P,const double*y){
  double mp[n],Pp[n*n],CP[d*n],S[d*d],G[d*n],v[d],e[d];
  predict(m,P,mp,Pp);
  mul(C,Pp,d,n,n,CP);mult(CP,C,d,n,d,S);
  for(int i=0;i<d*d;i++)S[i]+=R[i];
  for(int i=0;i<d;i++){v[i]=y[i];for(int l=0;l<n;l++)v[i]-=C[i*n+l]*mp[l];}
  double F[d*d],b[d*(n+1)];
  memcpy(F,S,sizeof F);
  for(int i=0;i<d;i++){for(int j=0;j<n;j++)b[i*(n+1)+j]=CP[i*n+j];b[i*(n+1)+n]=v[i];}
  double det=solve(F,d,b,n+1),q=0;
  for(int i=0;i<d;i++){for(int j=0;j<n;j++)G[i*n+j]=b[i*(n+1)+j];e[i]=b[i*(n+1)+n];q+=v[i]*e[i];}
  for(int j=0;j<n;j++){m[j]=mp[j];for(int i=0;i<d;i++)m[j]+=G[i*n+j]*v[i];}
  for(int i=0;i<n;i++)for(int j=0;j<n;j++){double s=Pp[i*n+j];for(int l=0;l<d;l++)s-=G[l*n+i]*CP[l*n+j];P[i*n+j]=s;}
  return -0.5*(det+q+d*log(2*M_PI));
}
int main(int c,char**a){
  n=atoi(a[1]),d=atoi(a[2]);int B=atoi(a[3]),L=atoi(a[4]),N=atoi(a[5]),T=B+L,k=n/d;
  A=calloc(n*n,8);C=calloc(d*n,8);Q=calloc(n*n,8);R=calloc(d*d,8);
  for(int i=0;i<n;i++){A[i*n+i]=1;Q[i*n+i]=i%k==0?0.1:0.01;if(i%k==0&&k>1)A[i*n+i+1]=1;}
  for(int i=0;i<d;i++){C[i*n+i*k]=1;R[i*d+i]=1;}
  double*y=malloc(8L*N*d),*carried=malloc(8L*N*(n+n*n)),*M=malloc(8L*(T+1)*n),*V=malloc(8L*(T+1)*n*n);
  double*See=calloc(n*n,8),*Srr=calloc(d*d,8);
  srand(1);for(long i=0;i<(long)N*d;i++)y[i]=rand()/(double)RAND_MAX*6-3;
  double ll=0,best[2]={1e9,1e9};
  for(int rep=0;rep<10;rep++){int learn=rep%2;double t0=now(),m[n],P[n*n];
    for(int i=0;i<n;i++)m[i]=0;
    for(int i=0;i<n*n;i++)P[i]=i%(n+1)==0;
    for(int t=0,begin=0;t<N;t++){
      memcpy(carried+(long)t*(n+n*n),m,8*n);memcpy(carried+(long)t*(n+n*n)+n,P,8*n*n);
      ll+=filter(m,P,y+(long)t*d);
      if(!learn||t+1<begin+T)continue;
      memcpy(M,carried+(long)begin*(n+n*n),8*n);memcpy(V,carried+(long)begin*(n+n*n)+n,8*n*n);
      for(int i=0;i<T;i++){memcpy(M+(i+1)*n,M+i*n,8*n);memcpy(V+(i+1)*n*n,V+i*n*n,8*n*n);
        ll+=filter(M+(i+1)*n,V+(i+1)*n*n,y+(long)(begin+i)*d);}
      double s[n],W[n*n];
      memcpy(s,M+T*n,8*n);memcpy(W,V+T*n*n,8*n*n);
      for(int i=T-1;i>=0;i--){
        double mp[n],Pp[n*n],AP[n*n],G[n*n],D[n*n],u[n*n],before[n],w[n],Wb[n*n];
        if(i<B){const double*Y=y+(long)(begin+i)*d;double r[d],CW[d*n],CWC[d*d];
          for(int o=0;o<d;o++){r[o]=Y[o];for(int l=0;l<n;l++)r[o]-=C[o*n+l]*s[l];}
          mul(C,W,d,n,n,CW);mult(CW,C,d,n,d,CWC);
          for(int o=0;o<d;o++)for(int l=0;l<d;l++)Srr[o*d+l]+=r[o]*r[l]+CWC[o*d+l];}
        predict(M+i*n,V+i*n*n,mp,Pp);
        mul(A,V+i*n*n,n,n,n,AP);memcpy(u,Pp,sizeof u);memcpy(G,AP,sizeof G);solve(u,n,G,n); /* G' */
        for(int j=0;j<n;j++)w[j]=s[j]-mp[j];
        for(int j=0;j<n;j++){before[j]=M[i*n+j];for(int l=0;l<n;l++)before[j]+=G[l*n+j]*w[l];}
        for(int j=0;j<n*n;j++)D[j]=W[j]-Pp[j];
        for(int p=0;p<n;p++)for(int q=0;q<n;q++){double z=0;for(int l=0;l<n;l++)z+=G[l*n+p]*D[l*n+q];u[p*n+q]=z;}
        mul(u,G,n,n,n,Wb);
        for(int j=0;j<n*n;j++)Wb[j]+=V[i*n*n+j];
        if(i<B){double X[n*n],XA[n*n],AW[n*n],AWA[n*n],e[n];
          mul(W,G,n,n,n,X);mult(X,A,n,n,n,XA);mul(A,Wb,n,n,n,AW);mult(AW,A,n,n,n,AWA);
          for(int p=0;p<n;p++){e[p]=s[p];for(int l=0;l<n;l++)e[p]-=A[p*n+l]*before[l];}
          for(int p=0;p<n;p++)for(int q=0;q<n;q++)See[p*n+q]+=e[p]*e[q]+W[p*n+q]-XA[p*n+q]-XA[q*n+p]+AWA[p*n+q];}
        memcpy(s,before,sizeof s);memcpy(W,Wb,sizeof W);}
      begin+=B;}
    double s=now()-t0;if(s<best[learn])best[learn]=s;}
  printf("native kalman n=%d d=%d filter %12.0f records/s, filter and learn %12.0f records/s (check %g %g %g)\n",n,d,N/best[0],N/best[1],ll,See[0],Srr[0]);
}
